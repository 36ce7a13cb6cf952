import { mutants as injected } from "../simulation/mutants.ts";
import { small } from "./plans.ts";
import type { WorldPlan } from "./world.ts";

const five = ["data", "data", "data", "data", "data"] as const;
const fast = { symmetric: true } as const;
const oneByOne = { limits: { appendEntriesMax: 1 } } as const;
const divergent = { logs: [[1, 2], [1], [1, 3]], term: 3, termMax: 5, symmetric: false } as const;

/** In which world each injected bug shows, by its name. What it does there differs from `small`. */
const worlds: Readonly<Record<string, Partial<WorldPlan>>> = {
  "1": fast,
  "2": { crashes: 1, slowDisks: true },
  "3": { termMax: 3 },
  "4": { ...divergent, ...oneByOne },
  "5": {
    kinds: [...five.slice(1), "witness"],
    voters: 5,
    logs: [[1], [1], [1], [1, 2], [1, 2]],
    term: 2,
    termMax: 3,
    candidates: [0],
    slowDisks: true,
    symmetric: false,
  },
  "6": { crashes: 1, slowDisks: true, termMax: 3 },
  "7": { writes: 2, ...oneByOne },
  "8": divergent,
  "9b": { ...divergent, writes: 1, ...oneByOne },
  "10a": { kinds: five, voters: 5 },
  "10b": { termMax: 3 },
  "11a": { termMax: 3, reads: 1, writes: 1 },
  "11b": { termMax: 3, reads: 1, writes: 1 },
  "13": { termMax: 3, writes: 1 },
  "15": fast,
  "16a": { termMax: 3, removals: 1, beats: true, judgesSteps: true },
  "16b": { removals: 2, beats: true, judgesSteps: true },
  "17": { voters: 2, symmetric: false },
  "18a": {
    limits: { snapshotEntries: 2 },
    snapshots: 1,
    beats: true,
    slowDisks: true,
    judgesSteps: true,
  },
  "20": { ...divergent, ...oneByOne },
  "25": { ...divergent, beats: true },
};

/**
 * The injected bugs that a small world shows, each in one that does. 9a, 12, 18b and 21 need larger
 * ones; 19 and 22 are of the storage, 26a and 26b of liveness: those are the simulator's.
 */
export const mutants: readonly WorldPlan[] = injected.flatMap((mutant) => {
  const world = worlds[mutant.name];
  if (!world) return [];
  const { name, bug, rules = {}, earlyPersisted } = mutant;
  const plan = { ...small, judgesSteps: false, ...world, name: `${name}: ${bug}`, rules };
  return [earlyPersisted ? { ...plan, earlyPersisted } : plan];
});
