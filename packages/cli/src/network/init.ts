import type { Log } from "@mosaik/primitives";
import { isInvite, type NetworkInit, parseInvite } from "@mosaik/transport";
import { type Libp2pTransportOptions, libp2pTransport } from "@mosaik/transport/libp2p";
import { libp2pLog } from "@mosaik/transport/log";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";
import { jsonLog } from "../terminal/stderr-log.ts";

/** All that a node is made from, its services aside. */
export type BaseInit = Omit<NetworkInit<object>, "services"> & {
  readonly seeds: readonly string[];
};

/** What a command adds to what the options say of its node. */
export interface NodeManner {
  /** Where it listens if nobody says. Default: nowhere, it only dials. */
  readonly listen?: readonly string[];
  /** Whether it is a relay. Default: no. */
  readonly relay?: Libp2pTransportOptions["relay"];
  /** How it logs, warnings at least. Default: only what `--verbose` and `DEBUG` ask for. */
  readonly logs?: "text" | "json";
}

/**
 * What the options say of a node.
 *
 * @throws CliError with `CLI_NO_NETWORK`; what the options' invites and secrets throw.
 */
export async function baseInit(
  host: Host,
  options: JoinOptions,
  { listen = [], relay, logs }: NodeManner = {},
): Promise<BaseInit> {
  const { network, announce, mdns, tag, verbose } = options;
  const given = options.seed ?? [];
  const seeds = network !== undefined && isInvite(network) ? [network, ...given] : given;
  const invites = seeds.filter(isInvite).map(parseInvite);
  const name = network !== undefined && !isInvite(network) ? network : invites[0]?.network;
  if (name === undefined) throw new CliError("CLI_NO_NETWORK", "which network?");
  const place = { text: options.secret, file: options.secretFile, env: options.secretEnv };
  const secret = await readSecret(host, place);
  return {
    network: name,
    seeds,
    tags: tag ?? ["cli"],
    ...(secret === undefined ? {} : { secret }),
    log: logs === "json" ? jsonLog(levelOf(verbose)) : namedLog(logs !== undefined, verbose),
    transport: libp2pTransport({
      listen: options.listen ?? listen,
      ...(relay === undefined ? {} : { relay }),
      ...(announce === undefined ? {} : { announce }),
      ...(mdns === undefined ? {} : { mdns }),
    }),
  };
}

function levelOf(verbose: unknown): string {
  if (verbose === undefined) return "warn";
  return Number(verbose) > 1 ? "debug" : "info";
}

const warnings = "mosaik:*:error,mosaik:*:warn";

/** The log whose parts `DEBUG` switches on, and inspectors while it runs. */
function namedLog(warns: boolean, verbose: unknown): Log {
  const log = libp2pLog();
  const told = { debug: "mosaik:*", info: "mosaik:*,-mosaik:*:trace", warn: warns ? warnings : "" };
  const wanted = told[levelOf(verbose) as keyof typeof told];
  const namespaces = [log.namespaces, wanted].filter((names) => names !== "");
  if (wanted !== "") log.namespaces = [...new Set(namespaces)].join(",");
  return log;
}
