import type { RoundTrip } from "../core/round-trip.ts";
import type { ConnectionInfo } from "../service.ts";
import type { Connection } from "../transport.ts";

/** What others may know of a connection; its round-trip time is always the latest. */
export function connectionInfo(
  { peer, direction, address }: Connection,
  since: number,
  roundTrip: RoundTrip,
): ConnectionInfo {
  return {
    peer,
    direction,
    address,
    since,
    get rttMs() {
      return roundTrip.ms;
    },
  };
}
