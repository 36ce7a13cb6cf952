import type { PeerEntry, PeerInfo } from "@mosaik/discovery";

/** An entry with a round-trip time. */
export function withRoundTrip(entry: PeerEntry, rttMs: number | undefined): PeerInfo {
  const { peer, network, version, at, addresses, tags, offers, tickets } = entry;
  return { peer, network, version, at, addresses, tags, offers, tickets, rttMs };
}

/**
 * Whether two entries of a peer say the same: a restart (another epoch), addresses, tags, tickets,
 * offers. Mere signs of life differ in nothing of it.
 */
export function saysTheSame(left: PeerEntry, right: PeerEntry): boolean {
  if (left === right) return true;
  return (
    left.version.epoch === right.version.epoch &&
    sameList(left.addresses, right.addresses) &&
    provesTheSame(left, right) &&
    left.offers.size === right.offers.size &&
    [...left.offers].every(([kind, ids]) => sameSet(ids, right.offers.get(kind)))
  );
}

/** Whether two entries of a peer claim and prove the same: tags and tickets. */
export function provesTheSame(left: PeerEntry, right: PeerEntry): boolean {
  return sameList(left.tickets, right.tickets) && sameSet(left.tags, right.tags);
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function sameSet(left: ReadonlySet<string>, right: ReadonlySet<string> | undefined): boolean {
  return left.size === right?.size && [...left].every((item) => right.has(item));
}
