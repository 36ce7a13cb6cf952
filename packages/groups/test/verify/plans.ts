import type { WorldPlan } from "./world.ts";

/** What worlds differ from: three voters that begin alike, and elections in one term. */
export const small: Omit<WorldPlan, "name"> = {
  kinds: ["data", "data", "data"],
  voters: 3,
  term: 1,
  termMax: 2,
  writes: 0,
  crashes: 0,
  reads: 0,
  snapshots: 0,
  removals: 0,
  transfers: 0,
  silences: 0,
  beats: false,
  resigns: false,
  asks: false,
  slowDisks: false,
  symmetric: true,
  statesMax: 20_000_000,
  judgesSteps: true,
  limits: { votersMax: 3 },
};

const learner = { ...small, voters: 2, beats: true, symmetric: false } as const;
const snapshots = { snapshots: 1, beats: true, limits: { snapshotEntries: 2 } } as const;
/**
 * The one whom the new voters need is not heard from while a change is undecided: it has crashed, and
 * never starts again where its disk is lost. Two silences make it unheard, and not who spoke between them.
 */
const returning = {
  removals: 1,
  beats: true,
  silences: 2,
  silenceMs: 0.4,
  limits: { electionMinMs: 0.75, electionMaxMs: 0.375 },
  statesMax: 300_000,
  isPlain: true, // which letters are alike takes longer to find out than it spares in so few states
  returns: true,
} as const;
const divergent = { logs: [[1, 2], [1], [1, 3]], term: 3, termMax: 5, symmetric: false } as const;

/** Worlds that are explored in a moment. */
export const quickPlans: readonly WorldPlan[] = [
  {
    ...small,
    name: "one voter: 3 terms, 2 writes, 2 crashes, slow disk",
    kinds: ["data"],
    voters: 1,
    termMax: 3,
    writes: 2,
    crashes: 2,
    slowDisks: true,
  },
  {
    ...small,
    name: "two voters: 2 terms, a write, a crash, slow disks",
    kinds: ["data", "data"],
    voters: 2,
    writes: 1,
    crashes: 1,
    slowDisks: true,
  },
  { ...learner, name: "two voters and a learner: promotion" },
  { ...small, name: "three voters: a snapshot", ...snapshots },
];

const long = {
  ...small,
  name: "three voters: 3 terms, 2 writes, a crash",
  termMax: 3,
  writes: 2,
  crashes: 1,
} as const;

/** Worlds that take the better part of an hour and several gigabytes: `pnpm verify --long`. */
export const longPlans: readonly WorldPlan[] = [long];

/**
 * The worlds that `pnpm verify` explores. Those with a bound of their own are larger than that, and their
 * result says that they were not exhausted. Nothing was found in 3,000,000 states of the removal taken
 * back, as those that go on alike were still told apart.
 */
export const plans: readonly WorldPlan[] = [
  ...quickPlans,
  { ...small, name: "three voters: a write, a crash", writes: 1, crashes: 1 },
  { ...small, name: "three voters: a crash, slow disks", crashes: 1, slowDisks: true },
  { ...small, name: "three voters: 2 writes", writes: 2 },
  { ...small, name: "three voters: 3 terms, a write", termMax: 3, writes: 1 },
  { ...small, name: "three voters: 2 writes, a crash", writes: 2, crashes: 1 },
  { ...small, name: "three voters: 3 terms, a crash", termMax: 3, crashes: 1 },
  { ...small, name: "three voters: a write, heartbeats", writes: 1, beats: true },
  { ...small, name: "three voters: 3 terms, 2 writes", termMax: 3, writes: 2 },
  { ...long, statesMax: 300_000, isPlain: true },
  { ...small, name: "three voters: a removal", removals: 1, beats: true },
  {
    ...small,
    name: "three voters: a demotion",
    silences: 1,
    limits: { demoteAfterMs: 1, minVoters: 2 },
  },
  {
    ...small,
    name: "three voters: 3 terms, a demotion",
    termMax: 3,
    silences: 1,
    limits: { demoteAfterMs: 1, minVoters: 2 },
  },
  { ...small, ...returning, name: "three voters: a removal taken back" },
  { ...small, ...returning, name: "three voters: a removal taken back, a disk lost", crashes: 1 },
  { ...learner, name: "two voters and a learner: promotion, a crash", crashes: 1 },
  { ...learner, name: "two voters and a learner: promotion, a write", writes: 1 },
  { ...small, name: "three voters: a snapshot, a crash", crashes: 1, ...snapshots },
  { ...small, name: "three voters: divergent logs, 2 more terms", ...divergent },
  { ...small, name: "three voters: 3 terms, a transfer", termMax: 3, transfers: 1 },
  { ...small, name: "three voters: a write, asking before standing", asks: true, writes: 1 },
  { ...small, name: "three voters: a write, a strong read", reads: 1, writes: 1 },
  {
    ...small,
    name: "two voters and a witness: a write, slow disks",
    kinds: ["data", "data", "witness"],
    writes: 1,
    slowDisks: true,
    symmetric: false,
  },
];
