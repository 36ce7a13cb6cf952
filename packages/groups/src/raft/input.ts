import type { SnapshotMeta } from "./entry.ts";
import type { MemberId, MemberKind } from "./member.ts";
import type { Message } from "./messages.ts";

/** All that can happen to a {@link RaftNode}. */
export type Input =
  /** Time has passed: at the latest at `nextDeadlineMs`. */
  | { readonly kind: "tick" }
  /** A message from whom the channel authenticated. */
  | { readonly kind: "received"; readonly from: MemberId; readonly message: Message }
  /** A bond was made or lost. */
  | {
      readonly kind: "bond";
      readonly member: MemberId;
      readonly memberKind: MemberKind;
      readonly up: boolean;
    }
  /** Commands to replicate, in this order and without others between them. */
  | { readonly kind: "propose"; readonly id: number; readonly commands: readonly Uint8Array[] }
  /** Asks from which position on the local state may answer a strong query. */
  | { readonly kind: "read"; readonly id: number }
  /** Every persist effect up to this sequence is durable. */
  | { readonly kind: "persisted"; readonly sequence: number }
  /** A write or fsync failed: final for this run. */
  | { readonly kind: "storage-failed" }
  /** A local snapshot of so many bytes is durable; the log before it may go. */
  | { readonly kind: "snapshot-saved"; readonly meta: SnapshotMeta; readonly bytes: number }
  /** A local snapshot that was wanted was not taken: the next one is wanted as soon as there may be one. */
  | { readonly kind: "snapshot-missed" }
  /** More of a snapshot has arrived at a member. */
  | { readonly kind: "snapshot-progress"; readonly to: MemberId }
  /** The bytes of a snapshot could not be brought to a member. */
  | { readonly kind: "snapshot-failed"; readonly to: MemberId }
  /** Hand leadership over. */
  | { readonly kind: "transfer"; readonly to: MemberId }
  /** Take a member out of the group. */
  | { readonly kind: "remove"; readonly member: MemberId };
