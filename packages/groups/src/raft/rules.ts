import type { Digest } from "@mosaik/primitives";
import type { Entry } from "./entry.ts";
import type { Log } from "./log.ts";
import type { AppendReply, VoteReply } from "./messages.ts";

/** What a follower does with the entries of an append that fits its log. */
export interface Reconciled {
  /** The first position where the logs differ; nothing is cut where there is none. */
  readonly truncateFrom: number | undefined;
  /** What is then added at the end. */
  readonly entries: readonly Entry[];
}

/**
 * The decisions that safety rests on, one function each, so that each can be read, tested and (in
 * the simulator only) broken by itself. The numbers are those of the consensus rules.
 */
export interface RaftRules {
  /** R4: one vote a term. */
  freeToVote(vote: string | undefined, candidate: string): boolean;
  /** Raft §5.4.1: the candidate's log ends in a later term, or in the same and is no shorter. */
  isUpToDate(lastTerm: number, lastIndex: number, log: Log): boolean;
  /** R15: an answer counts in the ballot it was asked for, a refusal no less than a vote. */
  isOfBallot(reply: VoteReply, ballotTerm: number, ballotPre: boolean): boolean;
  /** How often a voter counts that has granted `times` times. */
  weight(times: number): number;
  /** R11: ask first whether one would be elected. */
  asksFirst(): boolean;
  /** R11: a fresh leader is a reason to refuse. */
  isSticky(): boolean;
  /** A vote given puts off one's own standing. */
  waitsAfterGrant(): boolean;
  /** R3: who counts in a quorum is the configuration's matter, whoever is bonded. */
  isCounted(bonded: boolean): boolean;
  /** R3: only voters count. */
  countsLearners(): boolean;
  /** R7: only a proven difference is cut. */
  reconcile(entries: readonly Entry[], log: Log): Reconciled;
  /** R6: what an accepted append proves. */
  confirmed(prevIndex: number, count: number, lastIndex: number): number;
  /** R15: a leader's commit index holds as far as the logs are known to agree. */
  clampCommit(commit: number, agreedIndex: number): number;
  /** R6: whether a reply is of this term, and whether it confirms anything. */
  isCurrent(reply: AppendReply, term: number): boolean;
  confirms(reply: AppendReply): boolean;
  /** R5: counting commits entries of the own term only. */
  mayCommit(entryTerm: number, term: number): boolean;
  /** R6: what a heartbeat may say is committed. */
  heartbeatCommit(match: number, commit: number): number;
  /** R1: one change at a time, and none before an entry of the own term is committed. */
  mayChange(commit: number, configurationIndex: number, firstOwnIndex: number): boolean;
  /** R1: a change of the voters is confirmed in the log before the next. */
  confirmsChanges(): boolean;
  /** R12: a witness is no copy of the data. */
  countsWitnessAsCopy(): boolean;
  /** R2: a change that the new voters do not decide is taken back. */
  returns(): boolean;
  /** R10: a strong read waits for a round of a majority, after the own term's first commit. */
  readsNeedRound(): boolean;
  mayRead(commit: number, firstOwnIndex: number): boolean;
  /** R10: each round has a number of its own. */
  nextRound(round: number): number;
  /** R9: a proposal is acknowledged by index and term. */
  isOwn(proposedTerm: number, committedTerm: number): boolean;
  /** R9: lost leadership leaves proposals unknown. */
  forgetsProposals(): boolean;
  /** A snapshot older than what is committed changes nothing. */
  takesSnapshot(index: number, commit: number): boolean;
  /** R13: only committed entries are handed on. */
  servesUpTo(commit: number, lastIndex: number): number;
  /** R13: whoever is asked for entries has them, committed, as the leader knows. */
  mayProvide(match: number, toldCommit: number, end: number): boolean;
  /** R13: a fetched stretch is the leader's, byte for byte. */
  isAnchored(digest: Digest, anchored: Digest): boolean;
  /** R6: where a refused append says the logs may agree. */
  hint(prevIndex: number, prevTerm: number, log: Log): number;
  /** R6: where a leader tries next; always before what was refused. */
  retreat(refusedIndex: number, hintIndex: number): number;
}

/** The rules. */
export const raftRules: RaftRules = {
  freeToVote: (vote, candidate) => vote === undefined || vote === candidate,
  isUpToDate: (lastTerm, lastIndex, log) =>
    lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.lastIndex),
  isOfBallot: (reply, ballotTerm, ballotPre) =>
    reply.ballot === ballotTerm && reply.pre === ballotPre,
  weight: (times) => Math.min(times, 1),
  asksFirst: () => true,
  isSticky: () => true,
  waitsAfterGrant: () => true,
  isCounted: () => true,
  countsLearners: () => false,
  reconcile(entries, log) {
    for (const [at, entry] of entries.entries()) {
      if (entry.index <= log.baseIndex) continue;
      const term = log.termAt(entry.index);
      if (term === entry.term) continue;
      const truncateFrom = term === undefined ? undefined : entry.index;
      return { truncateFrom, entries: at === 0 ? entries : entries.slice(at) };
    }
    return { truncateFrom: undefined, entries: [] };
  },
  confirmed: (prevIndex, count) => prevIndex + count,
  clampCommit: (commit, agreedIndex) => Math.min(commit, agreedIndex),
  isCurrent: (reply, term) => reply.term === term,
  confirms: (reply) => reply.accepted,
  mayCommit: (entryTerm, term) => entryTerm === term,
  heartbeatCommit: (match, commit) => Math.min(match, commit),
  mayChange: (commit, configurationIndex, firstOwnIndex) =>
    configurationIndex <= commit && firstOwnIndex <= commit,
  confirmsChanges: () => true,
  returns: () => true,
  countsWitnessAsCopy: () => false,
  readsNeedRound: () => true,
  mayRead: (commit, firstOwnIndex) => firstOwnIndex <= commit,
  nextRound: (round) => round + 1,
  isOwn: (proposedTerm, committedTerm) => proposedTerm === committedTerm,
  forgetsProposals: () => true,
  takesSnapshot: (index, commit) => index > commit,
  servesUpTo: (commit) => commit,
  mayProvide: (match, toldCommit, end) => match >= end && toldCommit >= end,
  isAnchored: (digest, anchored) => digest === anchored,
  hint: (prevIndex, prevTerm, log) => log.lastNotAfter(prevIndex, prevTerm),
  retreat: (refusedIndex, hintIndex) => Math.min(refusedIndex - 1, hintIndex),
};
