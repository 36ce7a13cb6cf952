import type { CliErrorCode } from "../errors.ts";
import type { Page } from "./page.ts";

/** Of the command line itself. */
export const commandLinePages: Readonly<Record<CliErrorCode, Page>> = {
  CLI_USAGE: {
    meaning: "The arguments make no sense together, or one of them is unknown.",
    hint: "add --help to see what there is",
  },
  CLI_BAD_CONFIG: {
    meaning: "A config file, a context or a variable holds something that does not fit.",
    hint: "mosaik config show --sources",
  },
  CLI_NO_NETWORK: {
    meaning: "Nobody said which network: no option, no variable, no config file, no context.",
    hint: "give --network NAME, or an invite",
  },
  CLI_NO_SEED: {
    meaning: "Nobody said where to begin, so there is no way to find the network.",
    hint: "give --seed ADDRESS, the invite that a node prints, or --mdns on a LAN",
  },
  CLI_NOT_FOUND: {
    meaning: "What was named is not in the network, or not yet known here.",
    hint: "the ls command of its kind shows what there is",
  },
  CLI_AMBIGUOUS: {
    meaning: "Several things go by that name or begin with those digits.",
    hint: "give more digits of the id",
  },
  CLI_UNREACHABLE: {
    meaning: "A server that was named does not answer.",
    hint: "look at its address, and whether it runs",
  },
  CLI_TIMEOUT: {
    meaning: "It took longer than --timeout allows.",
    hint: "give more time: --timeout 30s",
  },
  CLI_NOT_CONFIRMED: {
    meaning: "It changes something, so it asks first, and the answer was not yes.",
    hint: "add --yes where nobody is there to answer",
  },
  CLI_UNHEALTHY: {
    meaning: "What was looked at is not as it should be.",
    hint: "the output above says what",
  },
  CLI_BAD_TICKET: {
    meaning: "A ticket is expired, for somebody else, or not signed by that key.",
    hint: "look into it: mosaik ticket inspect TOKEN",
  },
  CLI_NO_LEADER: {
    meaning: "No member of the group that answered knows a leader.",
    hint: "see which members are there: mosaik groups status GROUP",
  },
  CLI_FILE: {
    meaning: "A file cannot be read or written.",
    hint: "look at the path and its permissions",
  },
  CLI_FAILED: {
    meaning: "Something failed that nobody foresaw: a mistake in mosaik, or in the machine.",
    hint: "if it stays, report it with what 'mosaik debug bundle' writes",
  },
  CLI_LEADERSHIP_LOST: {
    meaning:
      "The command ran while this process led the group; it no longer does, so it was ended.",
    hint: "run it again: it starts once this process leads",
  },
};
