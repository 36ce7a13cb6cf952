import type { StreamErrorCode } from "@mosaik/streams";
import type { Page } from "./page.ts";

/** Of streams. */
export const streamPages: Readonly<Record<StreamErrorCode, Page>> = {
  STREAM_EXISTS: {
    meaning: "The node produces the stream already.",
    hint: "use the producer that there is",
  },
  STREAM_CLOSED: {
    meaning: "The producer or consumer is closed.",
    hint: "make a new one",
  },
  STREAM_FULL: {
    meaning: "More sends wait than may wait: somebody sends without awaiting.",
    hint: "await each send, or use trySend",
  },
  STREAM_ITEM_INVALID: {
    meaning: "An item does not fit the stream's schema or codec.",
    hint: "compare the item with the schema; the cause says where it differs",
  },
  STREAM_ITEM_TOO_LARGE: {
    meaning: "An item has more bytes than one may have.",
    hint: "send it in parts, or send where it can be had",
  },
};
