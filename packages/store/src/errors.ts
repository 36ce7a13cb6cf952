import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/store`. */
export type StoreErrorCode =
  /** The store or the service is closed. */
  "STORE_CLOSED";

/** A failure of a store. */
export class StoreError extends MosaikError<StoreErrorCode> {
  override readonly name: string = "StoreError";
}
