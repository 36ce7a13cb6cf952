import { discovery } from "@mosaik/discovery";
import { createNetwork, diagnostics } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { readSecretKey } from "../keys/secret-key.ts";
import { baseInit } from "../network/init.ts";
import type { Observer } from "../network/join.ts";
import { Printer, say } from "../output/printer.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";
import { serveHealth } from "./health.ts";
import { serveMetrics } from "./serve-metrics.ts";

/** What `node` is told. */
export type NodeOptions = JoinOptions & {
  readonly keyFile?: string | undefined;
  readonly readKey?: string | undefined;
  readonly readKeyFile?: string | undefined;
  readonly readKeyEnv?: string | undefined;
  readonly writeKey?: string | undefined;
  readonly writeKeyFile?: string | undefined;
  readonly writeKeyEnv?: string | undefined;
  readonly health?: string | undefined;
  readonly metrics?: string | undefined;
  readonly behindProxy?: true | undefined;
};

/** Every IPv4 interface, any free port. */
const listenDefault = ["/ip4/0.0.0.0/tcp/0"];

/** Runs a plain node until the user ends it; then it says goodbye, and everything is closed. */
export async function runNode(host: Host, options: NodeOptions): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  const node = await startNode(host, options);
  try {
    const { health, metrics } = options;
    await using _ = health === undefined ? undefined : await serveHealth(health, node);
    await using __ = metrics === undefined ? undefined : await serveMetrics(metrics, node);
    announce(printer, node);
    await ended(host.signal);
  } finally {
    say(host, options, "leaving the network");
    await node.close();
  }
  host.signal.throwIfAborted();
}

async function startNode(host: Host, options: NodeOptions): Promise<Observer> {
  const { keyFile, readKey, readKeyFile, readKeyEnv } = options;
  const { writeKey, writeKeyFile, writeKeyEnv } = options;
  const init = await baseInit(host, { ...options, tag: options.tag ?? ["node"] }, listenDefault);
  const reading = await readSecret(host, { text: readKey, file: readKeyFile, env: readKeyEnv });
  const writing = await readSecret(host, { text: writeKey, file: writeKeyFile, env: writeKeyEnv });
  return createNetwork({
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
}

function announce(printer: Printer, node: Observer): void {
  const { name: network, peer, addresses } = node;
  const invite = addresses.length > 0 ? node.invite() : undefined;
  const facts = { event: "listening", network, peer, addresses: [...addresses], invite };
  if (printer.format !== "table") return printer.item(facts, () => []);
  printer.lines([
    [{ text: `network  ${network}` }],
    [{ text: `peer     ${peer}` }],
    ...addresses.map((address) => [{ text: `address  ${address}` }]),
    [{ text: `invite   ${invite ?? "none: this node listens nowhere"}` }],
  ]);
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
