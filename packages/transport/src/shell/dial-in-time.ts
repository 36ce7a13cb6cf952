import { TransportError } from "../errors.ts";
import type { Connection, DialTarget, Transport } from "../transport.ts";
import type { SessionEnvironment } from "./session-environment.ts";

/**
 * Dials for as long as the node's options let it.
 *
 * @throws as `Transport.dial` does.
 */
export async function dialInTime(
  transport: Transport,
  target: DialTarget,
  { clock, options, signal }: SessionEnvironment,
): Promise<Connection> {
  const deadline = new AbortController();
  const message = "nobody answered in time";
  const timer = clock.after(options.dialTimeoutMs, () => {
    deadline.abort(new TransportError("NETWORK_UNREACHABLE", message, { retryable: true }));
  });
  try {
    return await transport.dial(target, { signal: AbortSignal.any([signal, deadline.signal]) });
  } finally {
    timer.cancel();
  }
}
