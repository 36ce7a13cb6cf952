import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/store`. */
export type StoreErrorCode =
  /** The store or the service is closed. */
  | "STORE_CLOSED"
  /** The node keeps the stream already. */
  | "STORE_KEEPER_EXISTS"
  /** Newcomers of the stream are greeted by this node already. */
  | "STORE_GREETING_EXISTS"
  /** The history is open, in this process or another. */
  | "STORE_HISTORY_LOCKED"
  /** The history cannot be read or written; `cause`. */
  | "STORE_HISTORY_FAILED";

/** A failure of a store. */
export class StoreError extends MosaikError<StoreErrorCode> {
  override readonly name: string = "StoreError";
}
