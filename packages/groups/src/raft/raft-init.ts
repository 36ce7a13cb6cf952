import type { Random } from "@mosaik/primitives";
import type { Entry, HardState, SnapshotMeta } from "./entry.ts";
import type { RaftLimits } from "./limits.ts";
import type { InstanceId, MemberId, MemberKind } from "./member.ts";
import type { RaftRules } from "./rules.ts";

/** What a storage holds when a node starts. */
export interface StoredState {
  readonly hard: HardState;
  readonly snapshot: SnapshotMeta | undefined;
  /** What follows the snapshot, contiguous. */
  readonly entries: readonly Entry[];
}

/** What a node starts with. */
export interface RaftInit {
  readonly id: MemberId;
  readonly kind: MemberKind;
  readonly limits: RaftLimits;
  readonly random: Random;
  /** Absent: a blank node, which founds a group or joins one. */
  readonly stored: StoredState | undefined;
  /** Drawn by whoever starts the node: the instance it would found. */
  readonly freshInstance: InstanceId;
  readonly nowMs: number;
  /** SHA-256, faster than the one for every platform where there is one. */
  readonly hash?: (bytes: Uint8Array) => Uint8Array;
  /** The simulator's way to break one rule at a time. */
  readonly rules?: RaftRules;
}
