import type { TransportErrorCode } from "@mosaik/transport";
import { type DialAttempt, DialsSection, TransportError } from "@mosaik/transport";
import { whenAborted } from "../output/repeat.ts";
import type { Observer } from "./join.ts";

/** Reasons that tell more than that nobody answers, the most telling first. */
const telling: readonly TransportErrorCode[] = [
  "NETWORK_DIFFERENT",
  "NETWORK_WRONG_SECRET",
  "NETWORK_INCOMPATIBLE",
  "NETWORK_NO_CAPACITY",
];

/**
 * Waits until the node is connected and knows what its first peer knows.
 *
 * @throws TransportError with the reason when every place to begin from has been tried in vain.
 */
export async function whenFound(
  node: Observer,
  seeds: number,
  deadline: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([deadline, over.signal]);
  try {
    await Promise.race([whenConnected(node, signal), whenAllFailed(node, seeds, signal)]);
  } finally {
    over.abort();
  }
  const [first] = node.connections.value.keys();
  if (first !== undefined) await node.discovery.sync(first, { signal: deadline });
}

async function whenConnected(node: Observer, signal: AbortSignal): Promise<void> {
  for await (const connections of node.connections.changes({ signal })) {
    if (connections.size > 0) return;
  }
  signal.throwIfAborted();
}

async function whenAllFailed(node: Observer, seeds: number, signal: AbortSignal): Promise<void> {
  await using inspection = await node.diagnostics.inspect(node.peer, { signal });
  for await (const dials of inspection.follow(DialsSection, { signal })) {
    const last = Object.values(dials).flatMap((attempts) => attempts.slice(-1));
    const failed = last.filter(({ ok }) => !ok);
    if (seeds === 0 || failed.length < seeds || node.connections.value.size > 0) continue;
    throw worst(failed);
  }
  await whenAborted(signal);
}

function worst(failed: readonly DialAttempt[]): TransportError {
  for (const code of telling) {
    const found = failed.find((attempt) => attempt.code === code);
    if (found !== undefined) return new TransportError(code, found.reason ?? code);
  }
  const reasons = failed.map(({ reason }) => reason ?? "no reason is known");
  return new TransportError("NETWORK_UNREACHABLE", [...new Set(reasons)].join("; "));
}
