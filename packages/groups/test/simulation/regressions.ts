import type { SimPlan } from "./simulation.ts";

/** Runs that once broke a rule. */
export const regressions: readonly SimPlan[] = [
  ...[27, 30, 31, 33, 36, 77, 78, 88, 90, 92, 102, 132, 172, 203].map((seed) => ({ seed })),
  ...[46, 78, 133, 256, 656, 669, 713, 738, 1028, 1195, 1912].map((seed) => ({ seed })),
];
