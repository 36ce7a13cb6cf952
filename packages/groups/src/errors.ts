import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/groups`, beside {@link GroupStorageError}. */
export type GroupErrorCode =
  /**
   * There was no leader in time, and the command or query was given to nobody: it was not and will
   * not be carried out. Retryable.
   */
  | "GROUP_NO_QUORUM"
  /**
   * The command was given to a leader and nobody said what became of it: it may or may not be
   * carried out, at most once. Ask the state before trying again.
   */
  | "GROUP_UNKNOWN_OUTCOME"
  /** Every member's machine refused the command; `data.reason`, of a batch `data.outcomes`. */
  | "GROUP_REJECTED"
  /** The command fits neither schema nor codec; `data.command`, `cause`. */
  | "GROUP_COMMAND_INVALID"
  /** The command, or the batch, has more bytes than an entry may have; `data.bytes`. */
  | "GROUP_COMMAND_TOO_LARGE"
  /** More commands or queries wait here than may: somebody does not await. Retryable. */
  | "GROUP_FULL"
  /** The machine threw while it answered a query; `cause`. */
  | "GROUP_QUERY_FAILED"
  /** A witness keeps no state: it answers no queries and applies no commands. */
  | "GROUP_NO_STATE"
  /**
   * The group or the handle is closed, or the member has left. What was on its way may be carried out
   * all the same.
   */
  | "GROUP_CLOSED"
  /** The storage failed: the member has stopped; `cause`. What was on its way has an unknown outcome. */
  | "GROUP_STORAGE_FAILED"
  /** The member has stopped: a rule broke, or its state is not what the others have; `data.reason`. */
  | "GROUP_HALTED"
  /** The group was joined on this node with another storage or preference. */
  | "GROUP_JOINED_OTHERWISE"
  /** The file is no snapshot of a group, is one of another machine, or is damaged. */
  | "GROUP_BAD_SNAPSHOT"
  /** A text is no group key. The text is not repeated. */
  | "GROUP_BAD_KEY";

/** A failure of a group. */
export class GroupError extends MosaikError<GroupErrorCode> {
  override readonly name: string = "GroupError";
}
