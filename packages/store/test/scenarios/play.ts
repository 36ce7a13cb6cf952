import { expect } from "vitest";
import type { Store, StoreDefinition } from "../../src/index.ts";
import { inCluster, type Opening } from "../cluster.ts";

type AnyStore = Store<unknown, unknown>;

/** What somebody does, and what everybody sees then. Writers are given in the order they came. */
export type Step<Writer> = readonly [
  does: (
    ...writers: readonly [Writer, Writer]
  ) => Promise<{ readonly version: number } | undefined>,
  shows: unknown,
];

/** A story of a store: its cast, and what happens. */
export interface Scenario<Writer> {
  /** Default: 1. */
  readonly writers?: number;
  /** Default: 1. */
  readonly readers?: number;
  readonly steps: readonly Step<Writer>[];
  /** Readers that come afterwards, one by one. Default: 1. */
  readonly late?: number;
}

/** Members snapshot after a few changes, so that who comes late is sent a snapshot. */
export const often: Opening = { limits: { snapshotEntries: 4, snapshotTrailing: 1 } };

/**
 * Plays a scenario: after each step every member shows what it should, and has the same hash; and so does
 * who comes afterwards.
 */
export async function play<Reader extends AnyStore, Writer extends AnyStore>(
  definition: StoreDefinition<Reader, Writer>,
  content: (store: Reader | Writer) => unknown,
  scenario: Scenario<Writer>,
): Promise<void> {
  const { writers: count = 1, readers = 1, steps, late = 1 } = scenario;
  await inCluster(async (cluster) => {
    const writers: Writer[] = [];
    for (let at = 0; at < count; at++) {
      const writer = await cluster.writer(definition, often);
      await cluster.online(writer);
      writers.push(writer);
    }
    const everybody: (Reader | Writer)[] = [...writers];
    for (let at = 0; at < readers; at++) everybody.push(await cluster.reader(definition, often));
    await cluster.online(...everybody);
    const [first, second = first] = writers;
    if (first === undefined || second === undefined) throw new Error("nobody writes");
    let version = 0;
    for (const [at, [does, shows]] of steps.entries()) {
      version = Math.max(version, (await does(first, second))?.version ?? 0);
      await cluster.reach(version, ...everybody);
      for (const each of everybody) expect(content(each), `after step ${at}`).toEqual(shows);
      expect(new Set(everybody.map(({ hash }) => hash)).size).toBe(1);
    }
    for (let at = 0; at < late; at++) {
      const reader = await cluster.reader(definition);
      await cluster.online(reader);
      await cluster.reach(version, reader);
      expect(content(reader)).toEqual(steps.at(-1)?.[1]);
      expect(reader.hash).toBe(first.hash);
    }
  });
}

/** What a refused change says; as a step's work. */
export async function refused(work: Promise<unknown>): Promise<undefined> {
  await expect(work).rejects.toMatchObject({ code: "STORE_REJECTED" });
}

/** The numbers from one to another, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
