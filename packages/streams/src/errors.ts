import { MosaikError } from "@mosaik/primitives";

/** What can go wrong in `@mosaik/streams`. */
export type StreamErrorCode =
  /** The node produces the stream already; `data.producer`. */
  | "STREAM_EXISTS"
  /** The producer or consumer is closed. A failed send has the item in `data.item`. */
  | "STREAM_CLOSED"
  /** More sends wait than may wait: somebody sends without awaiting; `data.item`. Retryable. */
  | "STREAM_FULL"
  /** The item does not fit the schema or the codec; `data.item`, `cause`. */
  | "STREAM_ITEM_INVALID"
  /** The item has more bytes than an item may have; `data.item`, `data.bytes`. */
  | "STREAM_ITEM_TOO_LARGE";

/** A failure of a stream. */
export class StreamError extends MosaikError<StreamErrorCode> {
  override readonly name: string = "StreamError";
}
