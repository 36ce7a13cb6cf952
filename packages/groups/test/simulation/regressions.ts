import type { SimPlan } from "./simulation.ts";

/** Runs that once broke a rule. */
export const regressions: readonly SimPlan[] = [
  ...[27, 30, 31, 33, 36, 77, 78, 88, 90, 92, 102, 132, 172, 203].map((seed) => ({ seed })),
  ...[46, 78, 133, 256, 656, 669, 713, 738, 1028, 1195, 1912, 9021, 30654, 30832, 30904].map(
    (seed) => ({ seed }),
  ),
  { seed: 100026, without: ["one-way", "transfer", "pause"], clients: 2, chaosMs: 1543 },
  { seed: 434692 },
  { seed: 308782, chaosMs: 12488 },
  { seed: 329792, without: ["corrupt", "wipe", "one-way"], chaosMs: 2757 },
  { seed: 212465, without: ["swizzle", "corrupt", "snapshot-loss"], chaosMs: 1000 },
  { seed: 20292, without: ["wipe"], clients: 2, strikes: ["0", "2", "3"], chaosMs: 3092 },
  {
    seed: 21152,
    without: ["snapshot-loss", "isolate-leader", "crash-all", "torn", "corrupt", "join", "pause"],
    clients: 2,
    chaosMs: 5000,
  },
];
