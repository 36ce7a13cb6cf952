import type { PeerId } from "@mosaik/primitives";
import type { Inspection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { ActOptions, InspectOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";
import type { Observer } from "./join.ts";

/** Nodes that are looked into at once. */
const inspectionsMax = 8;

/** The key that lets us look into nodes, if one is given. */
export function readKeyOf(host: Host, options: InspectOptions): Promise<string | undefined> {
  const { readKey: text, readKeyFile: file, readKeyEnv: env } = options;
  return readSecret(host, { text, file, env });
}

/** The key that lets us have nodes do something, if one is given. */
export function writeKeyOf(host: Host, options: ActOptions): Promise<string | undefined> {
  const { writeKey: text, writeKeyFile: file, writeKeyEnv: env } = options;
  return readSecret(host, { text, file, env });
}

/** What a look into a node came to. */
export type Look<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

/** Looks into nodes, some at once. A node that does not let us, or does not answer, stops nobody. */
export async function lookInto<Value>(
  node: Observer,
  peers: Iterable<PeerId>,
  init: { readonly key: string | undefined; readonly signal: AbortSignal },
  look: (inspection: Inspection) => Promise<Value>,
): Promise<Map<PeerId, Look<Value>>> {
  const looks = new Map<PeerId, Look<Value>>();
  const waiting = [...peers];
  const work = async (): Promise<void> => {
    for (let peer = waiting.pop(); peer !== undefined; peer = waiting.pop()) {
      looks.set(peer, await lookAt(node, peer, init, look));
    }
  };
  await Promise.all(Array.from({ length: inspectionsMax }, work));
  init.signal.throwIfAborted();
  return looks;
}

async function lookAt<Value>(
  node: Observer,
  peer: PeerId,
  { key, signal }: { readonly key: string | undefined; readonly signal: AbortSignal },
  look: (inspection: Inspection) => Promise<Value>,
): Promise<Look<Value>> {
  try {
    const options = { signal, ...(key === undefined ? {} : { key }) };
    await using inspection = await node.diagnostics.inspect(peer, options);
    return { ok: true, value: await look(inspection) };
  } catch (error) {
    return { ok: false, error };
  }
}

/**
 * The peer of an id, or of the first digits of one.
 *
 * @throws CliError with `CLI_NOT_FOUND` or `CLI_AMBIGUOUS`.
 */
export function peerOf(node: Observer, digits: string): PeerId {
  const wanted = digits.replace(/…$/, "");
  const peers = [...node.discovery.catalog.value.peers.keys()];
  const found = wanted === "" ? [] : peers.filter((peer) => peer.startsWith(wanted));
  const [first, second] = found;
  if (first === undefined) {
    const hint = "mosaik peers ls";
    throw new CliError("CLI_NOT_FOUND", `no peer's id begins with '${digits}'`, { hint });
  }
  if (second === undefined) return first;
  const message = `${found.length} peers' ids begin with '${digits}'`;
  throw new CliError("CLI_AMBIGUOUS", message);
}
