import type { Entry, HardState, SnapshotMeta } from "./entry.ts";
import type { Configuration, InstanceId, MemberId } from "./member.ts";
import type { Message } from "./messages.ts";

/** A message and whom it is for. */
export interface Outgoing {
  readonly to: MemberId;
  readonly message: Message;
}

/**
 * What to make durable, as one batch with one fsync, in this order: hard state, snapshot (drops the
 * whole log), `truncateFrom`, `entries`, `compactTo`. Answer with `persisted`. At most one batch is
 * outstanding; what comes meanwhile is the next batch.
 */
export interface Persist {
  readonly sequence: number;
  readonly hard: HardState;
  /** Make the staged snapshot the one in force and drop the log. */
  readonly snapshot: SnapshotMeta | undefined;
  /** Drop entries from this index on. */
  readonly truncateFrom: number | undefined;
  readonly entries: readonly Entry[];
  /** Entries up to this index are no longer needed. */
  readonly compactTo: number | undefined;
}

/** Why a proposal or read was not taken on. */
export type Refusal = "not-leader" | "transferring" | "overloaded" | "too-large" | "halted";

/** What became of a proposal, by the id it was given. `accepted` is followed by one of the others. */
export type Outcome =
  | {
      readonly kind: "accepted";
      readonly id: number;
      readonly index: number;
      readonly term: number;
    }
  /** Durable on a majority. `index` is that of the proposal's last command. */
  | {
      readonly kind: "committed";
      readonly id: number;
      readonly index: number;
      readonly term: number;
    }
  /** Something else was committed in its place: it never will be. */
  | { readonly kind: "lost"; readonly id: number }
  /** Leadership was lost first: it may or may not be committed. */
  | { readonly kind: "unknown"; readonly id: number }
  | { readonly kind: "refused"; readonly id: number; readonly reason: Refusal };

/** What became of a read: answer it once `index` is applied, or not at all. */
export type ReadOutcome =
  | { readonly kind: "ready"; readonly id: number; readonly index: number }
  | { readonly kind: "refused"; readonly id: number; readonly reason: Refusal | "leadership-lost" };

/** What happened, for status, logs and waiters. */
export type RaftEvent =
  | { readonly kind: "role-changed"; readonly role: RoleName; readonly term: number }
  | {
      readonly kind: "leader-changed";
      readonly leader: MemberId | undefined;
      readonly term: number;
    }
  | {
      readonly kind: "configuration-changed";
      readonly configuration: Configuration;
      readonly index: number;
    }
  /** Another founding of the same group was met (R8). */
  | { readonly kind: "instance-conflict"; readonly from: MemberId; readonly instance: InstanceId }
  /** A message broke a rule and was not acted on. */
  | { readonly kind: "message-refused"; readonly from: MemberId; readonly reason: string }
  | { readonly kind: "removed" }
  | { readonly kind: "halted"; readonly reason: string };

/** What a node is at the moment. */
export type RoleName = "follower" | "candidate" | "leader";

/**
 * What the shell performs, in this order: start `persist`; send `sends`; then `restore`, `apply`,
 * `outcomes`, `reads`, `events`. Everything in `sends` may go at once: what must wait for durability
 * is held back inside until then.
 */
export interface Effects {
  readonly sends: readonly Outgoing[];
  readonly persist: Persist | undefined;
  /** Replace the machine's state by the snapshot now in force. */
  readonly restore: SnapshotMeta | undefined;
  /** Newly committed entries, in order, each once. */
  readonly apply: readonly Entry[];
  readonly outcomes: readonly Outcome[];
  readonly reads: readonly ReadOutcome[];
  readonly events: readonly RaftEvent[];
  /** A snapshot of the state right after this position, one of those in `apply`, is wanted. */
  readonly snapshot: SnapshotMeta | undefined;
}
