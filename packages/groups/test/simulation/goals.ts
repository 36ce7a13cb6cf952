import { faultKinds, isLasting, startKinds } from "./swarm.ts";

/**
 * What must have happened at least once among many runs: otherwise they tested too little, and the
 * runs fail.
 */
export const goalsExpected: readonly string[] = [
  "healed",
  "three leaders",
  "two leaders at once",
  "leadership lost",
  "log truncated",
  "log compacted",
  "snapshot received",
  "snapshot passed over",
  "snapshot missed",
  "snapshot restored",
  "configuration changed",
  "configuration changed under partition",
  "voter demoted",
  "voter promoted",
  "member removed",
  "acknowledged with a witness's help",
  "change taken back",
  "change decided by the new voters alone",
  "incarnation replaced",
  "assisted catch-up",
  "transfer",
  "storage failed",
  "disk lost",
  "disk corrupted",
  "disks lost in a change",
  "founded",
  "proposal lost or unknown",
  "read refused after leadership was lost",
  ...startKinds.map((start) => `began at ${start}`),
  ...faultKinds.filter((kind) => !isLasting(kind)).map((kind) => `struck by ${kind}`),
];

/** Runs of fewer seeds need not reach all goals. */
export const seedsForGoals = 2_000;
