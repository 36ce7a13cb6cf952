import type { MemberId } from "./member.ts";

/**
 * Sets of voters that must each agree by majority: one in the ordinary case, two (the new and the one
 * before) while a configuration is not yet committed, so that the old majority decides on it too (R2).
 */
export type VoterSets = readonly (readonly MemberId[])[];

/** Whether more than half of every set satisfy `has`. An empty set never agrees. */
export function hasMajority(sets: VoterSets, has: (voter: MemberId) => boolean): boolean {
  return sets.every((voters) => {
    let count = 0;
    for (const voter of voters) if (has(voter)) count++;
    return count * 2 > voters.length;
  });
}

/** The highest value that more than half of every set have reached. */
export function majorityValue(sets: VoterSets, valueFor: (voter: MemberId) => number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const voters of sets) {
    const values = voters.map(valueFor).sort((a, b) => b - a);
    lowest = Math.min(lowest, values[voters.length >> 1] ?? 0);
  }
  return lowest === Number.POSITIVE_INFINITY ? 0 : lowest;
}
