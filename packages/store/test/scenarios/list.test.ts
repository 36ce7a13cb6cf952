import { expect, it } from "vitest";
import { z } from "zod";
import { defineList, type ListReader, type ListWriter } from "../../src/index.ts";
import { play, range, refused, type Scenario } from "./play.ts";

const durability = "memory";
const Numbers = defineList({ name: "numbers", durability, value: z.number() });

function content(list: ListReader<number>): unknown {
  const values = [...list];
  expect(values.map((_, at) => list.at(at))).toEqual(values);
  expect([list.at(0), list.at(-1)]).toEqual([values[0], values.at(-1)]);
  expect([list.size, list.at(values.length)]).toEqual([values.length, undefined]);
  return values;
}

const scenarios: Record<string, Scenario<ListWriter<number>>> = {
  "smoke without catch-up": {
    steps: [
      [async () => undefined, []],
      [(w) => w.push(1), [1]],
      [(w) => w.unshift(0), [0, 1]],
      [(w) => w.pushMany([2, 3, 4]), [0, 1, 2, 3, 4]],
      [(w) => w.insert(2, 9), [0, 1, 9, 2, 3, 4]],
      [(w) => w.swap(0, 5), [4, 1, 9, 2, 3, 0]],
      [(w) => w.pop(), [4, 1, 9, 2, 3]],
      [(w) => w.shift(), [1, 9, 2, 3]],
      [(w) => w.remove(1), [1, 2, 3]],
      [(w) => w.truncate(2), [1, 2]],
      [(w) => w.clear(), []],
    ],
  },
  "late readers catch up": {
    late: 2,
    steps: [
      [(w) => w.pushMany(range(0, 106)), range(0, 106)],
      [(w) => w.remove(50), range(0, 106).filter((n) => n !== 50)],
    ],
  },
  "three readers show the same": {
    readers: 3,
    steps: [
      [(w) => w.pushMany([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5]],
      [(w) => w.unshift(0), [0, 1, 2, 3, 4, 5]],
      [(w) => w.pop(), [0, 1, 2, 3, 4]],
    ],
  },
  "pushes at both ends keep their order": {
    steps: [
      [(w) => w.push(3), [3]],
      [(w) => w.unshift(2), [2, 3]],
      [(w) => w.push(4), [2, 3, 4]],
      [(w) => w.unshift(1), [1, 2, 3, 4]],
      [(w) => w.push(5), [1, 2, 3, 4, 5]],
    ],
  },
  "an empty list gives nothing": {
    steps: [
      [(w) => w.pushMany([1, 2, 3, 4]), [1, 2, 3, 4]],
      [(w) => w.shift(), [2, 3, 4]],
      [(w) => w.pop(), [2, 3]],
      [(w) => w.shift(), [3]],
      [(w) => w.pop(), []],
      [(w) => w.shift(), []],
      [(w) => w.pop(), []],
    ],
  },
  "values are swapped; an index that is not there is refused": {
    steps: [
      [(w) => w.pushMany([1, 2, 3]), [1, 2, 3]],
      [(w) => w.swap(0, 2), [3, 2, 1]],
      [(w) => w.swap(1, 1), [3, 2, 1]],
      [(w) => refused(w.swap(0, 999)), [3, 2, 1]],
    ],
  },
  "values are put in anywhere, and never beyond the end": {
    steps: [
      [(w) => w.insert(0, 50), [50]],
      [(w) => w.insert(0, 10), [10, 50]],
      [(w) => w.insert(2, 90), [10, 50, 90]],
      [(w) => w.insert(1, 30), [10, 30, 50, 90]],
      [(w) => refused(w.insert(5, 1)), [10, 30, 50, 90]],
      [(w) => refused(w.insert(-1, 1)), [10, 30, 50, 90]],
    ],
  },
  "a list is cut to a length": {
    steps: [
      [(w) => w.pushMany([1, 2, 3, 4, 5]), [1, 2, 3, 4, 5]],
      [(w) => w.truncate(100), [1, 2, 3, 4, 5]],
      [(w) => w.truncate(5), [1, 2, 3, 4, 5]],
      [(w) => w.truncate(3), [1, 2, 3]],
      [(w) => w.truncate(0), []],
    ],
  },
  "pushing nothing changes nothing": {
    steps: [
      [(w) => w.push(1), [1]],
      [(w) => w.pushMany([]), [1]],
      [(w) => w.push(2), [1, 2]],
    ],
  },
  "taking out an index that is not there is refused": {
    steps: [
      [(w) => w.pushMany([1, 2, 3]), [1, 2, 3]],
      [(w) => refused(w.remove(100)), [1, 2, 3]],
    ],
  },
  "two writers and two readers agree": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => w.pushMany([10, 20, 30]), [10, 20, 30]],
      [(_, w) => w.pushMany([40, 50]), [10, 20, 30, 40, 50]],
      [(w) => w.shift(), [20, 30, 40, 50]],
      [(_, w) => w.push(60), [20, 30, 40, 50, 60]],
    ],
  },
};

it.each(Object.entries(scenarios))("list: %s", (_name, scenario) => {
  return play(Numbers, content, scenario);
});

it("list: what is taken out or replaced is told", () =>
  play(Numbers, content, {
    steps: [
      [
        async (w) => {
          await w.pushMany([1, 2, 3]);
          expect(await w.pop()).toMatchObject({ applied: true, previous: 3 });
          expect(await w.set(0, 9)).toMatchObject({ applied: true, previous: 1 });
          expect(await w.compareAndSet(0, 1, 5)).toMatchObject({ applied: false, previous: 9 });
          expect(await w.truncate(0)).toMatchObject({ count: 2 });
          expect(await w.pop()).toMatchObject({ applied: false, previous: undefined });
          return undefined;
        },
        [],
      ],
    ],
  }));
