import { MosaikError } from "@mosaik/primitives";

/** Why a storage failed. */
export type StorageFailure =
  /** No room is left, or the quota is used up. */
  | "full"
  /** A read, write or sync failed: what was on its way may be durable or not. */
  | "io"
  /** What was acknowledged is not there, or not as it was written. Never repaired in place. */
  | "corrupt"
  /** Another process, or another part of this one, has it open. */
  | "locked"
  /** It was closed before the call. */
  | "closed";

/**
 * A storage failed. The first failure of a write is final for a {@link GroupLog}: every later call
 * fails with the same error, since after a failed sync nobody knows what is durable.
 */
export class GroupStorageError extends MosaikError<"GROUP_STORAGE_FAILED"> {
  override readonly name: string = "GroupStorageError";
  /** What kind of failure it was. */
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure, message: string, cause?: unknown) {
    super("GROUP_STORAGE_FAILED", message, { cause, data: { failure } });
    this.failure = failure;
  }
}
