import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/store`. A failed write has what was to be written in `data.value`. */
export type StoreErrorCode =
  /**
   * There was no leader in time, and the change was given to nobody: it was not and will not be
   * carried out. Retryable.
   */
  | "STORE_NO_QUORUM"
  /**
   * The change was given to a leader and nobody said what became of it: it may or may not be carried
   * out, at most once. Read before trying again.
   */
  | "STORE_UNKNOWN_OUTCOME"
  /** Every member refused the change: an index that is not there, an update that threw; `data.reason`. */
  | "STORE_REJECTED"
  /** A key or value fits neither schema nor codec; `cause`. */
  | "STORE_VALUE_INVALID"
  /** The change has more bytes than a group takes at once; `data.bytes`. */
  | "STORE_CHANGE_TOO_LARGE"
  /** More changes or reads wait here than may: somebody does not await. Retryable. */
  | "STORE_FULL"
  /** The store was opened on this node with another storage, or otherwise as writer or reader. */
  | "STORE_OPENED_OTHERWISE"
  /** The disk failed: the member has stopped; `cause`. What was on its way has an unknown outcome. */
  | "STORE_STORAGE_FAILED"
  /** What a snapshot holds is not what was saved: it is not served, and the member stops. */
  | "STORE_SNAPSHOT_CORRUPT"
  /** The member has stopped: a rule broke, or its state is not what the others have; `data.reason`. */
  | "STORE_HALTED"
  /** The store or the service is closed. What was on its way may be carried out all the same. */
  | "STORE_CLOSED"
  /** The node keeps the stream already. */
  | "STORE_KEEPER_EXISTS"
  /** Newcomers of the stream are greeted by this node already. */
  | "STORE_GREETING_EXISTS"
  /** The history is open, in this process or another. */
  | "STORE_HISTORY_LOCKED"
  /** The history cannot be read or written; `cause`. */
  | "STORE_HISTORY_FAILED"
  /** The node folds the view already. */
  | "STORE_VIEW_EXISTS";

/** A failure of a store. */
export class StoreError extends MosaikError<StoreErrorCode> {
  override readonly name: string = "StoreError";
}
