import type { PeerInfo } from "@mosaik/discovery";
import type { SubscriptionCount } from "../streams.ts";

/** Whether at least as many of the peers match as there must be. */
export function isMet(wanted: SubscriptionCount, peers: readonly PeerInfo[]): boolean {
  const { atLeast = 1, tags = [], where } = wanted;
  let count = 0;
  for (const peer of peers) {
    if (count >= atLeast) return true;
    if (tags.every((tag) => peer.tags.has(tag)) && (where === undefined || where(peer))) count++;
  }
  return count >= atLeast;
}

/** @throws `RangeError` where the count is not a whole number, 0 or more. */
export function checkCount(wanted: SubscriptionCount | undefined): void {
  const atLeast = wanted?.atLeast ?? 1;
  if (!Number.isSafeInteger(atLeast) || atLeast < 0) {
    throw new RangeError(`'atLeast' is a whole number from 0 on, not ${atLeast}`);
  }
}
