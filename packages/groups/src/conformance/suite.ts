import { describe, it } from "vitest";
import type { LogStorage } from "../log-storage.ts";
import { endFacts } from "./end-facts.ts";
import { logFacts } from "./log-facts.ts";
import { Rig } from "./rig.ts";
import { snapshotFacts } from "./snapshot-facts.ts";

/** Which adapter the suite is run on. */
export interface LogStorageSuite {
  /** Names the adapter in the titles of the tests. */
  readonly name: string;
  /** Makes the surroundings of one test. */
  createBed(): LogStorageBed | Promise<LogStorageBed>;
}

/** What one test runs in. */
export interface LogStorageBed {
  /** Empty. */
  readonly storage: LogStorage;
  /** Frees what the bed holds, after every room is closed. */
  close?(): Promise<void>;
}

/** Declares that something holds of every storage. */
export type Fact = (title: string, check: (rig: Rig) => Promise<void>) => void;

/**
 * Declares, as vitest tests, what holds of every {@link LogStorage}. An adapter passes all of them.
 *
 * @example
 * ```ts
 * // not run: declares tests, which only vitest can
 * import { logStorageSuite } from "@mosaik/groups/conformance";
 * import { memoryStorage } from "@mosaik/groups/memory";
 *
 * logStorageSuite({ name: "memory", createBed: () => ({ storage: memoryStorage() }) });
 * ```
 */
export function logStorageSuite(suite: LogStorageSuite): void {
  const fact: Fact = (title, check) => {
    it(title, { timeout: testMs }, async () => {
      const bed = await suite.createBed();
      const rig = new Rig(bed.storage);
      try {
        await check(rig);
      } finally {
        await rig.close();
        await bed.close?.();
      }
    });
  };
  describe(`${suite.name} is a storage for logs`, () => {
    describe("the log", () => logFacts(fact));
    describe("snapshots", () => snapshotFacts(fact));
    describe("endings", () => endFacts(fact));
  });
}

/** How long a test may take in real time, for adapters with disks on a busy machine. */
const testMs = 30_000;
