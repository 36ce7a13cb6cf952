import { raftRules } from "../../src/raft/rules.ts";
import type { Mutant } from "./mutant.ts";
import type { FaultKind, Swarm } from "./swarm.ts";

/** Turns kinds of trouble on that a bug needs in order to show; the rest stays as drawn. */
function withFaults(drawn: Swarm, ...faults: readonly FaultKind[]): Swarm {
  const all = new Set([...drawn.faults, ...faults]);
  return { ...drawn, faults: all, faultEveryMs: 300, chaosMs: 15_000 };
}

/** At least three data nodes that vote. */
function ofThree(drawn: Swarm): Swarm {
  const size = Math.max(3, drawn.kinds.length);
  const kinds = Array.from({ length: size }, () => "data" as const);
  return { ...drawn, kinds, founders: drawn.founders === 0 ? 0 : size };
}

/** Five data nodes that vote, elections as quick as they come, and clients that do not wait. */
function hectic(drawn: Swarm, ...faults: readonly FaultKind[]): Swarm {
  const timings = {
    heartbeatMs: 50,
    electionMinMs: 200,
    electionMaxMs: 300,
    demoteAfterMs: 100_000,
  };
  return {
    ...withFaults(drawn, ...faults),
    kinds: ["data", "data", "data", "data", "data"],
    founders: 5,
    limits: { ...drawn.limits, ...timings, founders: 64 },
    faultEveryMs: 150,
    delayMs: 10,
    thinkMs: 5,
  };
}

/** A leader that is cut off takes long to see it, others are quick to elect another, and all read. */
function stale(drawn: Swarm): Swarm {
  const swarm = hectic(drawn, "drift");
  const limits = { ...swarm.limits, electionMinMs: 500, electionMaxMs: 520 };
  const faults = new Set<FaultKind>(["drift", "isolate-leader", "transfer"]);
  return {
    ...swarm,
    limits,
    faults,
    faultEveryMs: 800,
    keys: 1,
    clients: 6,
    thinkMs: 20,
    delayMs: 2,
  };
}

/** Every injected bug that concerns consensus, by its row in the table of the reliability page. */
export const mutants: readonly Mutant[] = [
  {
    name: "1",
    bug: "votes twice in a term",
    rules: { freeToVote: () => true },
    swarm: (drawn) => withFaults(ofThree(drawn), "isolate-leader"),
  },
  {
    name: "2",
    bug: "says its term and vote are durable before they are",
    earlyPersisted: ({ hardOnly }) => hardOnly,
    swarm: (drawn) => withFaults(ofThree(drawn), "crash", "isolate-leader"),
  },
  {
    name: "3",
    bug: "votes for a log that is behind",
    rules: { isUpToDate: () => true },
    swarm: (drawn) => withFaults(ofThree(drawn), "isolate-leader", "crash"),
  },
  {
    name: "4",
    bug: "commits entries of earlier terms by counting",
    rules: { mayCommit: () => true },
    swarm: (drawn) => ({
      ...drawn,
      kinds: ["data", "data", "data", "data", "data"],
      founders: 5,
      start: "figure-8",
      limits: {
        ...drawn.limits,
        founders: 64,
        appendEntriesMax: 1,
        inflightMessagesMax: 1,
        heartbeatMs: 50,
        electionMinMs: 300,
        electionMaxMs: 450,
        demoteAfterMs: 100_000,
      },
      faults: new Set(["spite"]),
      spiteRate: 1,
      faultEveryMs: 1_000,
      delayMs: 40,
      fsyncMs: 10,
      chaosMs: 6_000,
    }),
  },
  {
    name: "5",
    bug: "confirms its own last index",
    rules: { confirmed: (_prev, _count, last) => last },
    swarm: (drawn) => ({
      ...withFaults(drawn, "isolate-leader", "partition", "slow-disk"),
      kinds: ["data", "data", "data", "data", "witness"],
      founders: 5,
      start: "divergent",
      limits: { ...drawn.limits, founders: 64, appendEntriesMax: 1 },
      fsyncMs: 10,
      thinkMs: 5,
      chaosMs: 8_000,
    }),
  },
  {
    name: "6",
    bug: "confirms before the fsync",
    earlyPersisted: () => true,
    swarm: (drawn) => withFaults(ofThree(drawn), "crash"),
  },
  {
    name: "7",
    bug: "cuts the log where entries overlap without differing",
    rules: {
      reconcile: (entries, log) => {
        const overlaps = entries[0] !== undefined && entries[0].index <= log.lastIndex;
        return { truncateFrom: overlaps ? entries[0]?.index : undefined, entries };
      },
    },
    swarm: (drawn) => withFaults(ofThree(drawn), "duplication", "reorder"),
  },
  {
    name: "8",
    bug: "appends at the end instead of at the index",
    rules: {
      reconcile: (entries, log) => ({
        truncateFrom: undefined,
        entries: entries
          .filter((entry) => log.termAt(entry.index) !== entry.term && entry.term >= log.lastTerm)
          .map((entry, at) => ({ ...entry, index: log.lastIndex + 1 + at })),
      }),
    },
    swarm: (drawn) => withFaults(ofThree(drawn), "isolate-leader", "crash"),
  },
  {
    name: "9a",
    bug: "counts confirmations of earlier terms",
    rules: { isCurrent: () => true },
    swarm: (drawn) => ({
      ...hectic(drawn, "slow-disk", "transfer", "isolate-leader"),
      start: "late-replies",
      fsyncMs: 10,
      thinkMs: 150,
      chaosMs: 5_000,
    }),
  },
  {
    name: "9b",
    bug: "counts a refusal as a confirmation",
    rules: { confirms: () => true },
    swarm: (drawn) => withFaults(ofThree(drawn), "isolate-leader", "loss", "crash"),
  },
  {
    name: "10a",
    bug: "counts a voter twice",
    rules: { weight: (times) => times },
    swarm: (drawn) => hectic(drawn, "duplication", "isolate-leader", "partition"),
  },
  {
    name: "10b",
    bug: "counts votes of another ballot",
    rules: { isOfBallot: () => true },
    swarm: (drawn) => hectic(drawn, "duplication", "isolate-leader", "partition", "reorder"),
  },
  {
    name: "11a",
    bug: "answers strong reads without asking a majority",
    rules: { readsNeedRound: () => false },
    swarm: stale,
  },
  {
    name: "11b",
    bug: "answers strong reads before a commit of its own term",
    rules: { mayRead: () => true },
    swarm: (drawn) => ({
      ...hectic(drawn, "slow-disk", "transfer", "isolate-leader"),
      keys: 1,
      clients: 4,
      fsyncMs: 10,
    }),
  },
  {
    name: "12",
    bug: "uses the number of a read round again",
    rules: { nextRound: () => 1 },
    swarm: stale,
  },
  {
    name: "13",
    bug: "acknowledges by index, whatever the term",
    rules: { isOwn: () => true, forgetsProposals: () => false },
    swarm: (drawn) => ({ ...withFaults(ofThree(drawn), "isolate-leader"), thinkMs: 5 }),
  },
  {
    name: "15",
    bug: "counts a majority of those it is bonded with",
    rules: { isCounted: (bonded) => bonded },
    swarm: (drawn) => withFaults(ofThree(drawn), "partition", "isolate-leader"),
  },
  {
    name: "16a",
    bug: "changes members before a commit of its own term",
    rules: { mayChange: (commit, configurationIndex) => configurationIndex <= commit },
    swarm: (drawn) => withFaults(ofThree(drawn), "join", "removal", "isolate-leader"),
  },
  {
    name: "16b",
    bug: "makes two changes of members at once",
    rules: { mayChange: (commit, _index, firstOwnIndex) => firstOwnIndex <= commit },
    swarm: (drawn) => withFaults(ofThree(drawn), "join", "removal", "isolate-leader"),
  },
  {
    name: "16c",
    bug: "changes the voters again before the last change is confirmed",
    rules: { confirmsChanges: () => false },
    swarm: (drawn) => withFaults(ofThree(drawn), "join", "removal", "isolate-leader"),
  },
  {
    name: "16d",
    bug: "never goes back from a change that its new voters cannot decide",
    rules: { returns: () => false },
    swarm: (drawn) => withFaults(ofThree(drawn), "join", "wipe", "lost-change"),
  },
  {
    name: "R12",
    bug: "counts a witness as a copy of the data",
    rules: { countsWitnessAsCopy: () => true },
    swarm: (drawn) => {
      const kinds = ["data", "data", "witness"] as const;
      const swarm = withFaults({ ...drawn, kinds, start: "genesis" }, "slow-disk");
      return { ...swarm, founders: 3, limits: { ...swarm.limits, founders: 64 } };
    },
  },
  {
    name: "17",
    bug: "counts learners",
    rules: { countsLearners: () => true },
    swarm: (drawn) => {
      const three = ofThree(drawn);
      const kinds = [...three.kinds, "observer", "observer"] as const;
      return withFaults({ ...three, kinds }, "isolate-leader", "partition", "crash");
    },
  },
  {
    name: "18a",
    bug: "goes on from a snapshot before it is durable",
    earlyPersisted: ({ snapshot }) => snapshot,
    swarm: (drawn) => {
      const swarm = withFaults(ofThree(drawn), "crash", "partition", "slow-disk");
      const limits = { ...swarm.limits, snapshotEntries: 3, snapshotTrailing: 0 };
      return { ...swarm, limits: { ...limits, assistEntries: 0 } };
    },
  },
  {
    name: "18b",
    bug: "an older snapshot replaces newer state",
    rules: { takesSnapshot: () => true },
    swarm: (drawn) => {
      const swarm = withFaults(ofThree(drawn), "partition", "duplication", "reorder");
      const limits = { ...swarm.limits, snapshotEntries: 3, snapshotTrailing: 0 };
      return { ...swarm, limits: { ...limits, assistEntries: 0 } };
    },
  },
  {
    name: "19",
    bug: "recovery cuts the log at the first bad record",
    cutsAtBadRecord: true,
    swarm: (drawn) => withFaults(ofThree(drawn), "corrupt", "crash"),
  },
  {
    name: "20",
    bug: "takes a commit index past what it agreed on",
    rules: { clampCommit: (commit) => commit },
    swarm: (drawn) => withFaults(ofThree(drawn), "partition", "isolate-leader"),
  },
  {
    name: "21",
    bug: "catches up with what one peer has, committed or not",
    rules: {
      servesUpTo: (_commit, last) => last,
      mayProvide: () => true,
      isAnchored: () => true,
    },
    swarm: (drawn) => {
      const swarm = withFaults(ofThree(drawn), "isolate-leader", "partition", "crash", "pause");
      const limits = { ...swarm.limits, assistEntries: 3, fetchEntriesMax: 2 };
      return { ...swarm, limits: { ...limits, snapshotEntries: 10_000 }, thinkMs: 5, forgeRate: 0 };
    },
  },
  {
    name: "21b",
    bug: "catches up with what a provider says, unchecked",
    rules: { isAnchored: () => true },
    swarm: (drawn) => {
      const swarm = withFaults(ofThree(drawn), "isolate-leader", "crash", "pause");
      const limits = { ...swarm.limits, assistEntries: 3, fetchEntriesMax: 2 };
      const kept = { ...limits, snapshotEntries: 10_000 };
      return { ...swarm, limits: kept, thinkMs: 5, forgeRate: 0.5 };
    },
  },
  {
    name: "22",
    bug: "starts empty under the name it had",
    keepsIdentity: true,
    swarm: (drawn) => withFaults(ofThree(drawn), "wipe"),
  },
  {
    name: "25",
    bug: "a heartbeat carries a commit index that the member has not confirmed",
    rules: { heartbeatCommit: (_match, commit) => commit },
    swarm: (drawn) => withFaults(ofThree(drawn), "isolate-leader", "partition"),
  },
  {
    name: "26a",
    bug: "stands without asking first, and a vote given does not put that off",
    rules: { asksFirst: () => false, isSticky: () => false, waitsAfterGrant: () => false },
    swarm: (drawn) => withFaults(ofThree(drawn), "partition", "isolate-leader"),
  },
  {
    name: "26b",
    bug: "tries again where it was refused",
    rules: { retreat: (refusedIndex) => refusedIndex },
    swarm: (drawn) => withFaults(ofThree(drawn), "partition", "crash", "loss"),
  },
];

/** The rules of a mutant, for those who run one outside of the simulator. */
export function rulesOf(mutant: Mutant): typeof raftRules {
  return { ...raftRules, ...mutant.rules };
}
