import { expect, it } from "vitest";
import { z } from "zod";
import { defineSet, type SetReader, type SetWriter } from "../../src/index.ts";
import { play, range, type Scenario } from "./play.ts";

const durability = "memory";
const Numbers = defineSet({ name: "numbers", durability, value: z.number() });
const Texts = defineSet({ name: "texts", durability, value: z.string() });

function content<V extends string | number>(set: SetReader<V>): unknown {
  const values = [...set];
  expect(values.every((value) => set.has(value))).toBe(true);
  expect(set.size).toBe(values.length);
  return values;
}

const scenarios: Record<string, Scenario<SetWriter<number>>> = {
  "smoke without catch-up": {
    steps: [
      [async () => undefined, []],
      [(w) => w.add(1), [1]],
      [(w) => w.add(2), [1, 2]],
      [(w) => w.add(1), [1, 2]],
      [(w) => w.addMany([3, 4]), [1, 2, 3, 4]],
      [(w) => w.remove(1), [2, 3, 4]],
      [(w) => w.clear(), []],
    ],
  },
  "late readers catch up": {
    late: 2,
    steps: [
      [(w) => w.addMany(range(0, 102)), range(0, 102)],
      [(w) => w.remove(0), range(1, 102)],
    ],
  },
  "three readers show the same": {
    readers: 3,
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.add(4), [1, 2, 3, 4]],
      [(w) => w.remove(2), [1, 3, 4]],
    ],
  },
  "two writers and two readers agree": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(_, w) => w.addMany([4, 5]), [1, 2, 3, 4, 5]],
      [(w) => w.remove(1), [2, 3, 4, 5]],
      [(_, w) => w.add(6), [2, 3, 4, 5, 6]],
    ],
  },
  "a value is in once": {
    steps: [1, 2, 3].map(() => [(w) => w.add(7), [7]]),
  },
  "many values may be there already, or be none": {
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.addMany([2, 3, 4, 5]), [1, 2, 3, 4, 5]],
      [(w) => w.addMany([]), [1, 2, 3, 4, 5]],
      [(w) => w.add(6), [1, 2, 3, 4, 5, 6]],
    ],
  },
  "removing an absent value changes nothing": {
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.remove(9), [1, 2, 3]],
    ],
  },
  "a cleared set is filled again": {
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.clear(), []],
      [(w) => w.add(9), [9]],
    ],
  },
  "all values go one by one": {
    steps: [
      [(w) => w.addMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.remove(1), [2, 3]],
      [(w) => w.remove(2), [3]],
      [(w) => w.remove(3), []],
      [(w) => w.add(4), [4]],
    ],
  },
  "many values go at once, absent ones and none too": {
    steps: [
      [(w) => w.addMany([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5]],
      [(w) => w.removeMany([1, 2, 3]), [4, 5]],
      [(w) => w.removeMany([4, 98, 99]), [5]],
      [(w) => w.removeMany([]), [5]],
      [(w) => w.add(6), [5, 6]],
    ],
  },
};

it.each(Object.entries(scenarios))("set: %s", (_name, scenario) => {
  return play(Numbers, content, scenario);
});

it("set: texts", () =>
  play<SetReader<string>, SetWriter<string>>(Texts, content, {
    late: 1,
    steps: [[(w) => w.addMany(["b", "a", ""]), ["", "a", "b"]]],
  }));
