import { expect, it } from "vitest";
import { z } from "zod";
import {
  type CellReader,
  type CellWriter,
  defineCell,
  defineOnce,
  type OnceReader,
  type OnceWriter,
} from "../../src/index.ts";
import { inCluster } from "../cluster.ts";
import { play, range, type Scenario } from "./play.ts";

const durability = "memory";
const Cell = defineCell({ name: "cell", durability, value: z.number() });
const Once = defineOnce({ name: "once", durability, value: z.number() });

const content = (cell: CellReader<number> | OnceReader<number>): unknown => cell.value;
const nothing = undefined;

const scenarios: Record<string, Scenario<CellWriter<number>>> = {
  "smoke without catch-up": {
    steps: [
      [async () => undefined, nothing],
      [(w) => w.set(1), 1],
      [(w) => w.set(2), 2],
      [(w) => w.clear(), nothing],
    ],
  },
  "late readers read the last value only": {
    late: 2,
    steps: [
      [
        async (w) => {
          for (const n of range(0, 99)) await w.set(n);
          return w.set(999);
        },
        999,
      ],
    ],
  },
  "three readers agree": {
    readers: 3,
    steps: [
      [(w) => w.set(1), 1],
      [(w) => w.set(2), 2],
      [(w) => w.clear(), nothing],
    ],
  },
  "two writers and two readers: the last value wins": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => w.set(1), 1],
      [(_, w) => w.set(2), 2],
      [(w) => w.clear(), nothing],
      [(_, w) => w.set(4), 4],
    ],
  },
  "clearing nothing does no harm": {
    steps: [
      [(w) => w.clear(), nothing],
      [(w) => w.set(1), 1],
    ],
  },
  "compare-and-set where it holds": {
    steps: [
      [(w) => w.set(42), 42],
      [(w) => w.compareAndSet(42, 99), 99],
      [(w) => w.compareAndSet(99, undefined), nothing],
      [(w) => w.compareAndSet(undefined, 10), 10],
    ],
  },
  "compare-and-set where it does not hold": {
    steps: [
      [(w) => w.compareAndSet(42, 1), nothing],
      [(w) => w.set(42), 42],
      [(w) => w.compareAndSet(100, 1), 42],
      [(w) => w.compareAndSet(undefined, 1), 42],
    ],
  },
  "compare-and-set in a chain": {
    late: 1,
    steps: [
      [(w) => w.compareAndSet(undefined, 1), 1],
      [(w) => w.compareAndSet(1, 2), 2],
      [(w) => w.compareAndSet(2, 3), 3],
    ],
  },
  "compare-and-set among other changes": {
    steps: [
      [(w) => w.set(1), 1],
      [(w) => w.compareAndSet(1, 2), 2],
      [(w) => w.clear(), nothing],
      [(w) => w.compareAndSet(undefined, 3), 3],
      [(w) => w.set(4), 4],
    ],
  },
  "compare-and-set of nothing to nothing": {
    steps: [
      [(w) => w.compareAndSet(undefined, undefined), nothing],
      [(w) => w.set(1), 1],
    ],
  },
  "values come and go": {
    steps: range(1, 10).flatMap((n) => [
      [(w) => w.set(n), n] as const,
      [(w) => w.clear(), nothing] as const,
    ]),
  },
};

it("cell: a late writer reads what is there, and what it writes is everywhere", () =>
  inCluster(async (cluster) => {
    const first = await cluster.writer(Cell);
    await cluster.online(first);
    const { version } = await first.set(1);
    const late = await cluster.writer(Cell);
    await cluster.online(late);
    await cluster.reach(version, late);
    expect(content(late)).toBe(1);
    const second = await late.set(2);
    await cluster.reach(second.version, first);
    expect([content(first), content(late)]).toEqual([2, 2]);
  }));

it("once: a late writer finds the first value, and does not change it", () =>
  inCluster(async (cluster) => {
    const first = await cluster.writer(Once);
    await cluster.online(first);
    await first.set(1);
    const late = await cluster.writer(Once);
    await cluster.online(late);
    const second = await late.set(2);
    expect(second).toMatchObject({ applied: false, previous: 1 });
    await cluster.reach(second.version, first, late);
    expect([content(first), content(late)]).toEqual([1, 1]);
  }));

it.each(Object.entries(scenarios))("cell: %s", (_name, scenario) => {
  return play(Cell, content, scenario);
});

const onces: Record<string, Scenario<OnceWriter<number>>> = {
  "the first value stays": {
    late: 1,
    steps: [
      [(w) => w.set(42), 42],
      [(w) => w.set(99), 42],
      [(w) => w.set(123), 42],
    ],
  },
  "of two writers the first wins, and the other is told": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => w.set(10), 10],
      [
        async (_, w) => {
          const outcome = await w.set(20);
          expect(outcome).toMatchObject({ applied: false, previous: 10 });
          return outcome;
        },
        10,
      ],
      [(w) => w.set(30), 10],
    ],
  },
};

it.each(Object.entries(onces))("once: %s", (_name, scenario) => play(Once, content, scenario));

it("once: the value is waited for, and is there at once where it is", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Once);
    const reader = await cluster.reader(Once);
    await cluster.online(writer, reader);
    const waiting = reader.settled();
    await writer.set(42);
    expect(await cluster.within(10_000, waiting)).toBe(42);
    expect(await cluster.within(100, reader.settled())).toBe(42);
  }));
