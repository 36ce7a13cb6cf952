import { expect, it } from "vitest";
import { z } from "zod";
import { defineMap, type MapReader, type MapWriter } from "../../src/index.ts";
import { play, range, type Scenario } from "./play.ts";

const durability = "memory";
const Numbers = defineMap({ name: "numbers", durability, key: z.number(), value: z.number() });
const Texts = defineMap({ name: "texts", durability, key: z.string(), value: z.string() });

function content<K extends string | number, V>(map: MapReader<K, V>): unknown {
  const entries = [...map];
  expect([...map.keys()]).toEqual(entries.map(([key]) => key));
  expect([...map.values()]).toEqual(entries.map(([, value]) => value));
  for (const [key, value] of entries) expect([map.has(key), map.get(key)]).toEqual([true, value]);
  expect(map.size).toBe(entries.length);
  return entries;
}

type Entries = [number, number][];
const tens = (...keys: number[]): Entries => keys.map((key) => [key, key * 10]);

const scenarios: Record<string, Scenario<MapWriter<number, number>>> = {
  "smoke without catch-up": {
    steps: [
      [async () => undefined, []],
      [(w) => w.set(1, 10), tens(1)],
      [(w) => w.set(2, 20), tens(1, 2)],
      [
        (w) => w.set(1, 11),
        [
          [1, 11],
          [2, 20],
        ],
      ],
      [(w) => w.setMany(tens(3, 4, 5)), [[1, 11], ...tens(2, 3, 4, 5)]],
      [(w) => w.remove(1), tens(2, 3, 4, 5)],
      [(w) => w.clear(), []],
    ],
  },
  "a late reader catches up": {
    late: 2,
    steps: [
      [
        async (w) => {
          for (const key of range(0, 99)) await w.set(key, key * 10);
          return w.setMany(tens(100, 101, 102));
        },
        tens(...range(0, 102)),
      ],
      [(w) => w.remove(50), tens(...range(0, 102)).filter(([key]) => key !== 50)],
    ],
  },
  "three readers show the same": {
    readers: 3,
    steps: [
      [(w) => w.setMany(tens(1, 2, 3, 4, 5)), tens(1, 2, 3, 4, 5)],
      [(w) => w.set(6, 60), tens(1, 2, 3, 4, 5, 6)],
      [(w) => w.remove(3), tens(1, 2, 4, 5, 6)],
    ],
  },
  "setting a key again overwrites": {
    steps: [10, 20, 30].map((value) => [(w) => w.set(1, value), [[1, value]]]),
  },
  "many values may overlap what is there": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [
        (w) =>
          w.setMany([
            [2, 200],
            [3, 300],
            [4, 400],
          ]),
        [
          [1, 10],
          [2, 200],
          [3, 300],
          [4, 400],
        ],
      ],
    ],
  },
  "removing an absent key changes nothing": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.remove(99), tens(1, 2, 3)],
    ],
  },
  "a cleared map is filled again": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.clear(), []],
      [(w) => w.set(9, 90), tens(9)],
    ],
  },
  "two writers and two readers agree": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [(_, w) => w.setMany(tens(4, 5)), tens(1, 2, 3, 4, 5)],
      [(w) => w.remove(1), tens(2, 3, 4, 5)],
      [(_, w) => w.set(6, 60), tens(2, 3, 4, 5, 6)],
    ],
  },
  "all entries go one by one": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.remove(1), tens(2, 3)],
      [(w) => w.remove(2), tens(3)],
      [(w) => w.remove(3), []],
      [(w) => w.set(4, 40), tens(4)],
    ],
  },
  "many keys go at once, absent ones and none too": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3, 4, 5)), tens(1, 2, 3, 4, 5)],
      [(w) => w.removeMany([1, 2, 3]), tens(4, 5)],
      [(w) => w.removeMany([4, 98, 99]), tens(5)],
      [(w) => w.removeMany([]), tens(5)],
      [(w) => w.set(6, 60), tens(5, 6)],
    ],
  },
  "compare-and-set puts in a new key": {
    steps: [[(w) => w.compareAndSet(1, undefined, 10), tens(1)]],
  },
  "compare-and-set takes a key out": {
    steps: [
      [(w) => w.setMany(tens(1, 2)), tens(1, 2)],
      [(w) => w.compareAndSet(1, 10, undefined), tens(2)],
    ],
  },
  "compare-and-set changes nothing where the value is another": {
    steps: [
      [(w) => w.set(1, 10), tens(1)],
      [(w) => w.compareAndSet(1, 99, 20), tens(1)],
      [(w) => w.compareAndSet(1, undefined, 20), tens(1)],
    ],
  },
  "compare-and-set changes nothing where there is none": {
    steps: [[(w) => w.compareAndSet(1, 10, 20), []]],
  },
  "compare-and-set reaches two readers": {
    readers: 2,
    steps: [
      [(w) => w.setMany(tens(1, 2)), tens(1, 2)],
      [
        (w) => w.compareAndSet(1, 10, 11),
        [
          [1, 11],
          [2, 20],
        ],
      ],
    ],
  },
  "compare-and-set among other changes": {
    steps: [
      [(w) => w.set(1, 10), tens(1)],
      [(w) => w.compareAndSet(1, 10, 11), [[1, 11]]],
      [(w) => w.remove(1), []],
      [(w) => w.compareAndSet(1, undefined, 10), tens(1)],
      [(w) => w.clear(), []],
      [(w) => w.compareAndSet(2, undefined, 20), tens(2)],
      [(w) => w.set(3, 30), tens(2, 3)],
    ],
  },
  "compare-and-set of several keys": {
    steps: [
      [(w) => w.setMany(tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.compareAndSet(1, 10, 11), [[1, 11], ...tens(2, 3)]],
      [(w) => w.compareAndSet(2, 20, undefined), [[1, 11], ...tens(3)]],
      [(w) => w.compareAndSet(4, undefined, 40), [[1, 11], ...tens(3, 4)]],
    ],
  },
  "compare-and-set of nothing to nothing": {
    steps: [
      [(w) => w.compareAndSet(1, undefined, undefined), []],
      [(w) => w.set(1, 10), tens(1)],
    ],
  },
  "a late reader shows what compare-and-set made": {
    late: 1,
    steps: [
      [
        async (w) => {
          await w.compareAndSet(1, undefined, 10);
          await w.compareAndSet(1, 10, 11);
          return w.compareAndSet(2, undefined, 20);
        },
        [
          [1, 11],
          [2, 20],
        ],
      ],
    ],
  },
};

it.each(Object.entries(scenarios))("map: %s", (_name, scenario) => {
  return play(Numbers, content, scenario);
});

it("map: text keys and values", () =>
  play<MapReader<string, string>, MapWriter<string, string>>(Texts, content, {
    steps: [
      [(w) => w.compareAndSet("a", undefined, "x"), [["a", "x"]]],
      [(w) => w.compareAndSet("a", "x", "y"), [["a", "y"]]],
      [(w) => w.compareAndSet("a", "y", undefined), []],
    ],
  }));

it("map: outcomes tell whether a change applied, and what was there", () =>
  play(Numbers, content, {
    steps: [
      [
        async (w) => {
          expect(await w.setIfAbsent(1, 10)).toMatchObject({ applied: true, previous: undefined });
          expect(await w.setIfAbsent(1, 11)).toMatchObject({ applied: false, previous: 10 });
          expect(await w.compareAndSet(1, 9, 12)).toMatchObject({ applied: false, previous: 10 });
          expect(await w.compareAndSet(1, 10, 12)).toMatchObject({ applied: true, previous: 10 });
          expect(await w.remove(2)).toMatchObject({ applied: false, previous: undefined });
          expect(await w.setMany(tens(2, 3))).toMatchObject({ count: 2 });
          expect(await w.removeMany([2, 9])).toMatchObject({ count: 1 });
          return w.remove(1);
        },
        tens(3),
      ],
    ],
  }));
