import { discovery } from "@mosaik/discovery";
import { createNetwork, diagnostics } from "@mosaik/transport";
import type { Libp2pTransportOptions } from "@mosaik/transport/libp2p";
import type { RunOptions } from "../commands/node.ts";
import type { Host } from "../host.ts";
import { readSecretKey } from "../keys/secret-key.ts";
import { baseInit } from "../network/init.ts";
import type { Observer } from "../network/join.ts";
import { Printer, say } from "../output/printer.ts";
import { readSecret } from "../settings/secrets.ts";
import type { Line } from "../terminal/text.ts";
import { type Started, serveHealth } from "./health.ts";
import { serveMetrics } from "./serve-metrics.ts";

type Relay = NonNullable<Libp2pTransportOptions["relay"]>;

/** Every IPv4 interface, any free port; a relay is for pages too, which come by WebSockets. */
const nodeListens = ["/ip4/0.0.0.0/tcp/0"];
const relayListens = [...nodeListens, "/ip4/0.0.0.0/tcp/0/ws"];

/** What a relay is told. */
export type RelayOptions = RunOptions & {
  readonly maxReservations?: number | undefined;
  readonly limitBytes?: number | undefined;
  readonly limitDuration?: number | undefined;
};

/** Runs a relay until the user ends it, and says what it limits. */
export async function runRelay(host: Host, options: RelayOptions): Promise<void> {
  const { maxReservations, limitBytes, limitDuration } = options;
  const relay = {
    ...(maxReservations === undefined ? {} : { reservationsMax: maxReservations }),
    ...(limitBytes === undefined ? {} : { bytesMax: limitBytes }),
    ...(limitDuration === undefined ? {} : { durationMaxMs: limitDuration }),
  };
  const limits = { reservations: maxReservations ?? 1024, bytes: limitBytes, ms: limitDuration };
  await runNode(host, { ...options, tag: options.tag ?? ["relay"], relay, limits });
}

/** Runs a plain node until the user ends it; then it says goodbye, and everything is closed. */
export async function runNode(
  host: Host,
  options: RunOptions & { readonly relay: Relay; readonly limits?: object },
): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  const { node, seeds } = await startNode(host, options);
  try {
    const { health, metrics } = options;
    await using healthy =
      health === undefined ? undefined : await serveHealth(health, { node, seeds });
    await using measured = metrics === undefined ? undefined : await serveMetrics(metrics, node);
    announce(printer, node, {
      health: healthy && `http://${healthy.address}/readyz`,
      metrics: measured && `http://${measured.address}/metrics`,
      limits: options.limits,
    });
    await ended(host.signal);
  } finally {
    say(host, options, "leaving the network");
    await node.close();
  }
  host.signal.throwIfAborted();
}

async function startNode(
  host: Host,
  options: RunOptions & { readonly relay: Relay },
): Promise<Started> {
  const { keyFile, relay, readKey, readKeyFile, readKeyEnv } = options;
  const { writeKey, writeKeyFile, writeKeyEnv } = options;
  const listen = relay === false ? nodeListens : relayListens;
  const init = await baseInit(
    host,
    { ...options, tag: options.tag ?? ["node"] },
    { listen, relay, logs: options.logFormat ?? "text" },
  );
  const reading = await readSecret(host, { text: readKey, file: readKeyFile, env: readKeyEnv });
  const writing = await readSecret(host, { text: writeKey, file: writeKeyFile, env: writeKeyEnv });
  const node = await createNetwork({
    ...init,
    ...(keyFile === undefined ? {} : { secretKey: readSecretKey(host, keyFile) }),
    services: {
      discovery: discovery(),
      diagnostics: diagnostics({
        loopback: options.behindProxy === undefined,
        ...(reading === undefined ? {} : { readKey: reading }),
        ...(writing === undefined ? {} : { writeKey: writing }),
      }),
    },
  });
  return { node, seeds: init.seeds };
}

/** What a node does for others beside being there. */
interface Service {
  readonly health: string | undefined;
  readonly metrics: string | undefined;
  readonly limits: object | undefined;
}

function announce(printer: Printer, node: Observer, service: Service): void {
  const { health, metrics, limits } = service;
  const { name: network, peer, addresses } = node;
  const invite = addresses.length > 0 ? node.invite() : undefined;
  const facts = {
    event: "listening",
    network,
    peer,
    addresses: [...addresses],
    invite,
    ...service,
  };
  if (printer.format !== "table") return printer.item(facts, () => []);
  const limited = Object.entries(limits ?? {}).map(([what, most]) => `${what} ${most ?? "any"}`);
  const lines: Line[] = [
    [{ text: `network  ${network}` }],
    [{ text: `peer     ${peer}` }],
    ...addresses.map((address) => [{ text: `address  ${address}` }]),
    ...(health === undefined ? [] : [[{ text: `health   ${health}` }]]),
    ...(metrics === undefined ? [] : [[{ text: `metrics  ${metrics}` }]]),
    ...(limits === undefined ? [] : [[{ text: `limits   ${limited.join(", ")}` }]]),
  ];
  printer.lines(lines);
  // whole, however long: it is there to be copied
  printer.value(`invite   ${invite ?? "none: this node listens nowhere"}`);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
