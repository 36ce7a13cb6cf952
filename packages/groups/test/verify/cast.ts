import type { Entry } from "../../src/raft/entry.ts";
import { raftLimits } from "../../src/raft/limits.ts";
import { configuration, type MemberId, memberId } from "../../src/raft/member.ts";
import { genesisEntry } from "../simulation/starts.ts";
import type { WorldPlan } from "./world.ts";

/** How long a member waits before it doubts its leader; it stands after twice as long. */
export const patienceMs = 1_000_000;

/** A clock of its own that only actions move: beats cost no time, patience ends after a million. */
export const limits = {
  ...raftLimits,
  heartbeatMs: 0,
  electionMinMs: patienceMs,
  electionMaxMs: 3 * patienceMs,
  demoteAfterMs: Number.POSITIVE_INFINITY,
  promoteAfterMs: 0,
  snapshotTimeoutMs: Number.POSITIVE_INFINITY,
  snapshotTrailing: 0,
  assistEntries: 0,
  founders: 64,
  minVoters: 1,
};

/** The name of the member at a place. */
export function nameOf(at: number): MemberId {
  return memberId(`n${at}`, "1");
}

/** The place of a named member. */
export function placeOf(id: MemberId): number {
  return Number(id.slice(1, id.indexOf("#")));
}

/** The first entry: all belong, the first ones vote. */
export function genesisOf({ kinds, voters }: WorldPlan): Entry {
  const members = kinds.map((kind, at) => ({ id: nameOf(at), kind, voting: at < voters }));
  return { ...genesisEntry([]), configuration: configuration(members) };
}
