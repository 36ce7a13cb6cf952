import type { Connection as LibConnection, Stream } from "@libp2p/interface";
import type { Clock } from "@mosaik/primitives";
import { webRtcHangsMs, webRtcLookMs, webRtcTimeoutMs } from "./config.ts";

/** How a connection is arranged over another. */
export interface Arrangement {
  readonly relayed: LibConnection;
  /** All connections to the peer: libp2p takes any of them for what the two ends have to say. */
  readonly connections: () => readonly LibConnection[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Tries once; gives up when the signal aborts. */
  readonly dial: (signal: AbortSignal) => Promise<LibConnection>;
}

/**
 * Arranges a WebRTC connection over a relayed one. About one attempt in six hangs in libp2p, which
 * waits for a channel that the other end has closed already: it is seen by the other end being
 * done, and the next attempt begins at once.
 *
 * @throws what the last attempt failed of.
 */
export async function arranged(arrangement: Arrangement): Promise<LibConnection> {
  const { relayed, signal, clock } = arrangement;
  const endsAt = clock.monotonic() + webRtcTimeoutMs;
  for (;;) {
    try {
      return await attempt(arrangement, endsAt);
    } catch (error) {
      if (error !== hangs || signal.aborted || relayed.status !== "open") throw error;
    }
  }
}

const hangs = new Error("the other end is done, this one waits");

/** Tries once. A signal that aborts after the connection is made would end it. */
async function attempt(arrangement: Arrangement, endsAt: number): Promise<LibConnection> {
  const { signal, clock, dial } = arrangement;
  const given = new AbortController();
  const abort = (): void => given.abort(signal.reason);
  signal.addEventListener("abort", abort);
  let doneSince: number | undefined;
  const look = (): void => {
    const now = clock.monotonic();
    doneSince = isOtherDone(arrangement.connections()) ? (doneSince ?? now) : undefined;
    if (now >= endsAt) given.abort(new Error("no answer in time"));
    else if (now - (doneSince ?? now) >= webRtcHangsMs) given.abort(hangs);
    else timer = clock.after(webRtcLookMs, look);
  };
  let timer = clock.after(webRtcLookMs, look);
  try {
    return await dial(given.signal);
  } catch (error) {
    throw given.signal.aborted ? given.signal.reason : error;
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", abort);
  }
}

/** Whether the other end has said all that it had to say about the connection. */
function isOtherDone(connections: readonly LibConnection[]): boolean {
  const said = signals(connections, "outbound");
  return said.length > 0 && said.every(({ remoteWriteStatus }) => remoteWriteStatus === "closed");
}

/** Whether the other end arranges a connection now. */
export function isArranging(connections: readonly LibConnection[]): boolean {
  return signals(connections, "inbound").length > 0;
}

function signals(connections: readonly LibConnection[], way: "inbound" | "outbound"): Stream[] {
  return connections
    .flatMap(({ streams }) => streams)
    .filter(({ protocol, direction }) => direction === way && protocol.startsWith(signaling));
}

const signaling = "/webrtc-signaling/";
