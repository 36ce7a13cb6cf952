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

/** Worlds that are explored in a moment. */
export const quickPlans: readonly WorldPlan[] = [
  {
    ...small,
    name: "one voter, slow disk, two crashes, two writes",
    kinds: ["data"],
    voters: 1,
    termMax: 4,
    writes: 2,
    crashes: 2,
    slowDisks: true,
  },
  {
    ...small,
    name: "two voters, slow disks, a crash, a write",
    kinds: ["data", "data"],
    voters: 2,
    writes: 1,
    crashes: 1,
    slowDisks: true,
  },
  { ...small, name: "two voters and a learner", voters: 2, beats: true, symmetric: false },
  { ...small, name: "three voters, a write, a crash", writes: 1, crashes: 1 },
];

/** The worlds that `pnpm verify` explores. */
export const plans: readonly WorldPlan[] = [
  ...quickPlans,
  { ...small, name: "three voters, a change of members", removals: 1, beats: true },
  { ...small, name: "three voters, three terms", termMax: 3 },
  { ...small, name: "three voters, two writes", writes: 2 },
  { ...small, name: "three voters, three terms, a write", termMax: 3, writes: 1 },
  { ...small, name: "three voters, a write, heartbeats", writes: 1, beats: true },
  {
    ...small,
    name: "three voters, a snapshot, a write",
    writes: 1,
    snapshots: 1,
    limits: { snapshotEntries: 2 },
    beats: true,
    statesMax: 1_000_000,
  },
];
