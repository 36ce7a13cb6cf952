import type { MemberId, MemberKind } from "./member.ts";
import type { Progress } from "./progress.ts";

/** Follows whoever leads. */
export interface Follower {
  readonly state: "follower";
}

/** Stands for election, or (`pre`) asks whether it would be elected. */
export interface Candidate {
  readonly state: "candidate";
  readonly pre: boolean;
  readonly forced: boolean;
  /** The term to be led. */
  readonly ballotTerm: number;
  /** The own vote counts once this is durable. */
  readonly generation: number;
  ownCounted: boolean;
  readonly granted: MemberId[];
  readonly denied: Set<MemberId>;
}

/** A proposal that waits for its entry to be committed. */
export interface Waiter {
  readonly id: number;
  readonly index: number;
  readonly term: number;
}

/** Leads its term. */
export interface Leader {
  readonly state: "leader";
  /** The entry that began this leadership: nothing is known to be committed before it is. */
  readonly firstIndex: number;
  /** Of every other member. */
  readonly progress: Map<MemberId, Progress>;
  heartbeatDeadlineMs: number;
  /** When to look next whether a majority still answers. */
  quorumDeadlineMs: number;
  /** Reads that wait for the next round, and those in the present one. */
  readsWaiting: number[];
  readsInRound: number[];
  round: number;
  /** The commit index when the present round began; undefined: no round is out. */
  roundIndex: number | undefined;
  transfer: { readonly to: MemberId; readonly deadlineMs: number; sent: boolean } | undefined;
  /** Whether a decided change has made it no voter any more. */
  isLeaving: boolean;
  readonly joins: Map<MemberId, MemberKind>;
  readonly removals: Set<MemberId>;
}

/** What a node is at the moment, with what only that role needs. */
export type Role = Follower | Candidate | Leader;
