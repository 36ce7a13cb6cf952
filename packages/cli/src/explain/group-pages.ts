import type { GroupErrorCode } from "@mosaik/groups";
import type { Page } from "./page.ts";

/** Of groups. */
export const groupPages: Readonly<Record<GroupErrorCode | "GROUP_STORAGE_FAILED", Page>> = {
  GROUP_NO_QUORUM: {
    meaning:
      "There was no leader in time, so the command was given to nobody and is not carried out.",
    hint: "see which members are there: mosaik groups status GROUP",
  },
  GROUP_UNKNOWN_OUTCOME: {
    meaning: "A leader had the command and nobody said what became of it. It happens at most once.",
    hint: "ask the state before you try again",
  },
  GROUP_REJECTED: {
    meaning: "Every member's machine refused the command.",
    hint: "read the reason in the message",
  },
  GROUP_COMMAND_INVALID: {
    meaning: "The command fits neither schema nor codec of the machine.",
    hint: "compare the command with the machine's schema",
  },
  GROUP_COMMAND_TOO_LARGE: {
    meaning: "The command has more bytes than an entry of the log may have.",
    hint: "send it in parts",
  },
  GROUP_FULL: {
    meaning: "More commands or queries wait than may: somebody does not await.",
    hint: "await each of them, or try again",
  },
  GROUP_QUERY_FAILED: {
    meaning: "The machine threw while it answered a query.",
    hint: "read the cause",
  },
  GROUP_NO_STATE: {
    meaning: "A witness keeps no state, so it answers no queries.",
    hint: "ask another member",
  },
  GROUP_CLOSED: {
    meaning: "The group or its handle is closed, or the member has left.",
    hint: "join again",
  },
  GROUP_STORAGE_FAILED: {
    meaning: "The disk failed, is full, or is in use by another process. The member has stopped.",
    hint: "make room or mend the disk, then start the node again",
  },
  GROUP_HALTED: {
    meaning: "The member has stopped: a rule broke, or its state is not what the others have.",
    hint: "keep its files, and report what its log says",
  },
  GROUP_JOINED_OTHERWISE: {
    meaning: "The node is in the group already, with another storage or preference.",
    hint: "join with the same options",
  },
  GROUP_BAD_SNAPSHOT: {
    meaning: "A file is no snapshot of a group, is one of another machine, or is damaged.",
    hint: "take it again: mosaik groups snapshot GROUP --out FILE",
  },
  GROUP_BAD_KEY: {
    meaning: "A text is no group key.",
    hint: "copy the whole line, from 'mosaik-key:' to its end; 'mosaik keygen --group' makes one",
  },
};
