import type { MemberId } from "./member.ts";

/** Sets of voters: one in the ordinary case, two while a change is not known to be decided. */
export type VoterSets = readonly (readonly MemberId[])[];

/** Whether more than half of a set satisfy `has`; never of an empty one. */
export function isMajority(
  voters: readonly MemberId[],
  has: (voter: MemberId) => boolean,
): boolean {
  let count = 0;
  for (const voter of voters) if (has(voter)) count++;
  return count * 2 > voters.length;
}

/** Whether a majority of any of the sets satisfies `has`. */
export function hasMajority(sets: VoterSets, has: (voter: MemberId) => boolean): boolean {
  return sets.some((voters) => isMajority(voters, has));
}

/** The highest value that a majority of a set has reached; 0 for an empty one. */
export function reachedBy(
  voters: readonly MemberId[],
  valueFor: (voter: MemberId) => number,
): number {
  const values = voters.map(valueFor).sort((a, b) => b - a);
  return values[voters.length >> 1] ?? 0;
}
