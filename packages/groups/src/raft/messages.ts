import type { Digest } from "@mosaik/primitives";
import type { Entry, SnapshotMeta } from "./entry.ts";
import type { InstanceId, Member, MemberKind } from "./member.ts";

/** On every message: which founding of the group, and the sender's term (R8). */
export interface Envelope {
  readonly instance: InstanceId;
  readonly term: number;
}

/** Asks for a vote, or (`pre`) whether one would be given. `term` is the one to be led. */
export interface VoteRequest extends Envelope {
  readonly kind: "vote-request";
  readonly pre: boolean;
  /** The leader asked for this election itself: a fresh leader is no reason to refuse. */
  readonly forced: boolean;
  readonly lastIndex: number;
  readonly lastTerm: number;
}

/** Answers a vote request: the one that wanted to lead `ballot`. */
export interface VoteReply extends Envelope {
  readonly kind: "vote-reply";
  readonly pre: boolean;
  readonly granted: boolean;
  readonly ballot: number;
}

/** Entries that follow (`prevIndex`, `prevTerm`). One that does not fit is answered in any case. */
export interface Append extends Envelope {
  readonly kind: "append";
  readonly prevIndex: number;
  readonly prevTerm: number;
  readonly entries: readonly Entry[];
  readonly commit: number;
  /** Whether it is answered where it fits: not where it only says how far the log is committed. */
  readonly answered: boolean;
}

/** Answers an append or a snapshot. */
export interface AppendReply extends Envelope {
  readonly kind: "append-reply";
  readonly accepted: boolean;
  /** Accepted: durable up to here, equal to the leader's log. Refused: the `prevIndex` refused. */
  readonly index: number;
  /** Refused: the last position that may agree, and its term here. */
  readonly hintIndex: number;
  readonly hintTerm: number;
}

/** Says that the leader is there. `commit` is never past what the receiver has confirmed. */
export interface Heartbeat extends Envelope {
  readonly kind: "heartbeat";
  readonly commit: number;
  /** The read round this one may confirm; rounds have fresh numbers. */
  readonly round: number;
}

/** Answers a heartbeat. */
export interface HeartbeatReply extends Envelope {
  readonly kind: "heartbeat-reply";
  readonly round: number;
}

/** The snapshot whose bytes travel with this message; delivered once they are staged whole. */
export interface InstallSnapshot extends Envelope {
  readonly kind: "snapshot";
  readonly meta: SnapshotMeta;
}

/** The leader asks the receiver to stand at once. */
export interface TimeoutNow extends Envelope {
  readonly kind: "timeout-now";
}

/**
 * Says who one is while not (or no longer) a member; a leader takes it as a wish to join. Also the
 * answer to one, which tells a newcomer that the group exists.
 */
export interface Hello extends Envelope {
  readonly kind: "hello";
  readonly memberKind: MemberKind;
  /** Whether the sender's instance can no longer be given up: somebody voted in it. */
  readonly bound: boolean;
  readonly answer: boolean;
}

/** The record the group begins with. */
export interface Genesis extends Envelope {
  readonly kind: "genesis";
  readonly attempt: number;
  readonly founders: readonly Member[];
}

/** The sender has made the genesis record its own, durably. */
export interface GenesisReply extends Envelope {
  readonly kind: "genesis-reply";
}

/**
 * The leader tells a member that is far behind where its committed log stands, and who may serve it:
 * entries fetched from others count only where they lead up to this anchor (R13).
 */
export interface Anchor extends Envelope {
  readonly kind: "anchor";
  /** The member's own log ends here and agrees with the leader's up to here. */
  readonly fromIndex: number;
  /** Positions of the leader's committed log, each the end of a stretch to fetch. */
  readonly points: readonly AnchorPoint[];
  readonly providers: readonly string[];
}

/** The end of a stretch of the log: its last position, what its entries count for in bytes, its digest. */
export interface AnchorPoint {
  readonly index: number;
  readonly bytes: number;
  readonly digest: Digest;
}

/** Asks for committed entries, both ends included. */
export interface Fetch extends Envelope {
  readonly kind: "fetch";
  readonly fromIndex: number;
  readonly toIndex: number;
}

/** Answers a fetch: entries from `fromIndex` on, as many as fit; none where it has none to give. */
export interface FetchReply extends Envelope {
  readonly kind: "fetch-reply";
  readonly fromIndex: number;
  readonly entries: readonly Entry[];
}

/** What members say to each other. The sender is whom the channel authenticated, never a field. */
export type Message =
  | VoteRequest
  | VoteReply
  | Append
  | AppendReply
  | Heartbeat
  | HeartbeatReply
  | InstallSnapshot
  | TimeoutNow
  | Hello
  | Genesis
  | GenesisReply
  | Anchor
  | Fetch
  | FetchReply;
