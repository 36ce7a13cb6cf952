import type { StoreErrorCode } from "@mosaik/store";
import type { Page } from "./page.ts";

/** Of stores, histories and views. */
export const storePages: Readonly<Record<StoreErrorCode, Page>> = {
  STORE_NO_QUORUM: {
    meaning:
      "There was no leader in time, so the change was given to nobody and is not carried out.",
    hint: "see which members are there: mosaik groups status GROUP",
  },
  STORE_UNKNOWN_OUTCOME: {
    meaning: "A leader had the change and nobody said what became of it. It happens at most once.",
    hint: "read before you try again",
  },
  STORE_REJECTED: {
    meaning: "Every member refused the change: no such index, or an update that threw.",
    hint: "read the reason in the message",
  },
  STORE_VALUE_INVALID: {
    meaning: "A key or value fits neither schema nor codec of the store.",
    hint: "compare it with the store's schema",
  },
  STORE_CHANGE_TOO_LARGE: {
    meaning: "The change has more bytes than a group takes at once.",
    hint: "write in parts",
  },
  STORE_FULL: {
    meaning: "More changes or reads wait than may: somebody does not await.",
    hint: "await each of them, or try again",
  },
  STORE_OPENED_OTHERWISE: {
    meaning:
      "The store is open on this node with another storage, or otherwise as writer or reader.",
    hint: "open it with the same options",
  },
  STORE_STORAGE_FAILED: {
    meaning: "The disk failed. What was on its way may be carried out or not.",
    hint: "make room or mend the disk, then start the node again",
  },
  STORE_SNAPSHOT_CORRUPT: {
    meaning: "A snapshot holds another state than the one that was saved.",
    hint: "check the disk and the memory of that machine",
  },
  STORE_HALTED: {
    meaning: "The member has stopped: a rule broke, or its state is not what the others have.",
    hint: "keep its files, and report what its log says",
  },
  STORE_CLOSED: {
    meaning: "The store is closed.",
    hint: "open it again",
  },
  STORE_KEEPER_EXISTS: {
    meaning: "The node keeps the history of the stream already.",
    hint: "use the keeper that there is",
  },
  STORE_GREETING_EXISTS: {
    meaning: "The node greets newcomers of the stream already.",
    hint: "close the first greeting before you make another",
  },
  STORE_HISTORY_LOCKED: {
    meaning: "The history is open, in this process or another.",
    hint: "give each process a folder of its own",
  },
  STORE_HISTORY_FAILED: {
    meaning: "The history cannot be read or written.",
    hint: "look at the disk; the cause says more",
  },
  STORE_VIEW_EXISTS: {
    meaning: "The node folds the view already.",
    hint: "use the view that there is",
  },
};
