import type { WorldPlan } from "./world.ts";

const small = {
  term: 1,
  termMax: 2,
  writes: 0,
  crashes: 0,
  copies: 0,
  removals: 0,
  slowDisks: false,
  messagesMax: 6,
  statesMax: 250_000,
} as const;

/** The worlds that `pnpm verify` explores. */
export const plans: readonly WorldPlan[] = [
  {
    ...small,
    name: "one voter, a crash",
    kinds: ["data"],
    voters: 1,
    writes: 2,
    crashes: 1,
    slowDisks: true,
    termMax: 3,
  },
  {
    ...small,
    name: "two voters",
    kinds: ["data", "data"],
    voters: 2,
    writes: 1,
    crashes: 1,
    slowDisks: true,
  },
  {
    ...small,
    name: "two voters and a learner",
    kinds: ["data", "data", "data"],
    voters: 2,
    writes: 1,
  },
  {
    ...small,
    name: "three voters, two terms, two writes",
    kinds: ["data", "data", "data"],
    voters: 3,
    writes: 2,
    termMax: 3,
  },
  {
    ...small,
    name: "three voters, copies and a crash",
    kinds: ["data", "data", "data"],
    voters: 3,
    writes: 1,
    crashes: 1,
    copies: 1,
    slowDisks: true,
  },
  {
    ...small,
    name: "three voters, a change",
    kinds: ["data", "data", "data"],
    voters: 3,
    removals: 1,
    termMax: 3,
  },
  {
    ...small,
    name: "divergent logs",
    kinds: ["data", "data", "data"],
    voters: 3,
    logs: [[1, 2], [1], [1, 3]],
    term: 3,
    termMax: 5,
  },
];
