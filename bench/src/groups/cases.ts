/** What a client does. `weak`: answered from one member's state as it is. */
export type Operation = "write" | "strong-read" | "weak-read";

/** Where members keep what they know. */
export type Storage = "disk" | "memory";

/** How soon silence counts as a failure: each system's own default, or tight, the same for both. */
export type Timings = "default" | "lan";

/** What a group must be like for a case: those that need the same share it. */
export interface Setting {
  readonly storage: Storage;
  readonly timings: Timings;
}

/** One thing to measure. */
export type BenchCase = { readonly name: string; readonly setting: Setting } & (
  | { readonly kind: "load"; readonly operation: Operation; readonly outstanding: number }
  | { readonly kind: "failover" }
);

const inMemory: Setting = { storage: "memory", timings: "default" };
const onDisk: Setting = { storage: "disk", timings: "default" };
const onDiskLan: Setting = { storage: "disk", timings: "lan" };

const loads: readonly { prefix: string; operation: Operation; setting: Setting }[] = [
  { prefix: "memory-write", operation: "write", setting: inMemory },
  { prefix: "durable-write", operation: "write", setting: onDisk },
  { prefix: "strong-read", operation: "strong-read", setting: onDisk },
  { prefix: "weak-read", operation: "weak-read", setting: onDisk },
];

/** All cases. Those of one setting are side by side. */
export const benchCases: readonly BenchCase[] = [
  ...loads.flatMap(({ prefix, operation, setting }) =>
    [1, 16, 128, 1_024].map(
      (outstanding): BenchCase => ({
        name: `${prefix}-${outstanding}`,
        kind: "load",
        setting,
        operation,
        outstanding,
      }),
    ),
  ),
  { name: "failover", kind: "failover", setting: onDisk },
  { name: "failover-lan", kind: "failover", setting: onDiskLan },
];
