import { expect, it } from "vitest";
import { z } from "zod";
import {
  definePriorityQueue,
  type PriorityQueueReader,
  type PriorityQueueWriter,
} from "../../src/index.ts";
import { play, range, type Scenario } from "./play.ts";

const init = { name: "queue", durability: "memory", key: z.number(), value: z.number() } as const;
const Queue = definePriorityQueue(init);

/** Entries as priority, key and value. */
function content(queue: PriorityQueueReader<number, number>): unknown {
  const entries = [...queue];
  expect([...queue.entries({ reverse: true })]).toEqual([...entries].reverse());
  expect([queue.min, queue.max]).toEqual([entries[0], entries.at(-1)]);
  for (const entry of entries) {
    expect([queue.has(entry.key), queue.get(entry.key)]).toEqual([true, entry]);
  }
  expect(queue.size).toBe(entries.length);
  return entries.map(({ priority, key, value }) => [priority, key, value]);
}

type Triple = [priority: number, key: number, value: number];
type Writer = PriorityQueueWriter<number, number>;

/** Keys whose priority is ten times, and whose value is a hundred times as much. */
const tens = (...keys: number[]): Triple[] => keys.map((key) => [key * 10, key, key * 100]);
const many = (w: Writer, ...triples: Triple[]): Promise<{ version: number }> =>
  w.setMany(triples.map(([priority, key, value]) => ({ priority, key, value })));

const scenarios: Record<string, Scenario<Writer>> = {
  "smoke without catch-up": {
    steps: [
      [async () => undefined, []],
      [(w) => w.set(10, 1, 100), [[10, 1, 100]]],
      [
        (w) => w.set(5, 2, 200),
        [
          [5, 2, 200],
          [10, 1, 100],
        ],
      ],
      [
        (w) => w.set(20, 3, 300),
        [
          [5, 2, 200],
          [10, 1, 100],
          [20, 3, 300],
        ],
      ],
      [
        (w) => w.set(30, 1, 101),
        [
          [5, 2, 200],
          [20, 3, 300],
          [30, 1, 101],
        ],
      ],
      [
        (w) => many(w, ...tens(7)),
        [
          [5, 2, 200],
          [20, 3, 300],
          [30, 1, 101],
          [70, 7, 700],
        ],
      ],
      [
        (w) => w.remove(2),
        [
          [20, 3, 300],
          [30, 1, 101],
          [70, 7, 700],
        ],
      ],
      [(w) => w.clear(), []],
    ],
  },
  "three readers agree": {
    readers: 3,
    steps: [
      [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.set(40, 4, 400), tens(1, 2, 3, 4)],
      [(w) => w.remove(1), tens(2, 3, 4)],
    ],
  },
  "two writers and two readers agree": {
    writers: 2,
    readers: 2,
    steps: [
      [(w) => many(w, ...tens(3, 1, 2)), tens(1, 2, 3)],
      [(_, w) => many(w, ...tens(5, 4)), tens(1, 2, 3, 4, 5)],
      [(w) => w.remove(1), tens(2, 3, 4, 5)],
      [(_, w) => w.set(60, 6, 600), tens(2, 3, 4, 5, 6)],
    ],
  },
  "late readers have the same order": {
    late: 2,
    steps: [[(w) => many(w, ...tens(...range(0, 81))), tens(...range(0, 81))]],
  },
  "a priority changes, of a key that is there": {
    steps: [
      [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.setPriority(1, 50), [...tens(2, 3), [50, 1, 100]]],
      [(w) => w.setPriority(9, 1), [...tens(2, 3), [50, 1, 100]]],
    ],
  },
  "ranges of priorities go": {
    late: 1,
    steps: [
      [(w) => many(w, ...tens(1, 2, 3, 4, 5)), tens(1, 2, 3, 4, 5)],
      [(w) => w.removeRange({ below: 25 }), tens(3, 4, 5)],
      [(w) => w.removeRange({ from: 45 }), tens(3, 4)],
      [(w) => many(w, ...tens(1, 2, 5)), tens(1, 2, 3, 4, 5)],
      [(w) => w.removeRange({ above: 10, to: 40 }), tens(1, 5)],
      [(w) => w.removeRange({}), []],
    ],
  },
  "what is absent, and what is none, changes nothing": {
    steps: [
      [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.remove(9), tens(1, 2, 3)],
      [(w) => many(w), tens(1, 2, 3)],
      [(w) => w.removeMany([1, 8, 9]), tens(2, 3)],
      [(w) => w.removeMany([]), tens(2, 3)],
    ],
  },
  "many entries may overlap what is there": {
    steps: [
      [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
      [
        (w) => many(w, [1, 2, 201], [99, 3, 301], [40, 4, 400]),
        [
          [1, 2, 201],
          [10, 1, 100],
          [40, 4, 400],
          [99, 3, 301],
        ],
      ],
    ],
  },
  "entries of one priority stand by key": {
    steps: [
      [
        (w) => many(w, [1, 3, 0], [1, 1, 0], [1, 2, 0]),
        [
          [1, 1, 0],
          [1, 2, 0],
          [1, 3, 0],
        ],
      ],
    ],
  },
  "compare-and-set of values": {
    late: 1,
    steps: [
      [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
      [(w) => w.compareAndSet(2, 999, 1), tens(1, 2, 3)],
      [(w) => w.compareAndSet(2, 999, undefined), tens(1, 2, 3)],
      [(w) => w.compareAndSet(9, 1, 2), tens(1, 2, 3)],
      [
        (w) => w.compareAndSet(2, 200, 201),
        [
          [10, 1, 100],
          [20, 2, 201],
          [30, 3, 300],
        ],
      ],
      [
        (w) => w.setPriority(2, 5),
        [
          [5, 2, 201],
          [10, 1, 100],
          [30, 3, 300],
        ],
      ],
      [
        (w) => w.setValue(2, 202),
        [
          [5, 2, 202],
          [10, 1, 100],
          [30, 3, 300],
        ],
      ],
      [(w) => w.compareAndSet(2, 202, undefined), tens(1, 3)],
      [(w) => w.compareAndSet(3, 300, undefined), tens(1)],
    ],
  },
  "the ends are taken, each by one": {
    writers: 2,
    steps: [
      [(w) => many(w, ...tens(1, 2, 3, 4)), tens(1, 2, 3, 4)],
      [
        async (one, other) => {
          const [low, high] = await Promise.all([one.popMin(), other.popMax()]);
          expect(low.previous).toEqual({ priority: 10, key: 1, value: 100 });
          expect(high.previous).toEqual({ priority: 40, key: 4, value: 400 });
          const both = await Promise.all([one.popMin(), other.popMin()]);
          expect(both.map(({ previous }) => previous?.key).sort()).toEqual([2, 3]);
          return one.popMax();
        },
        [],
      ],
    ],
  },
};

it.each(Object.entries(scenarios))("priority queue: %s", (_name, scenario) => {
  return play(Queue, content, scenario);
});

const bounded: Record<string, readonly [capacity: number, Scenario<Writer>]> = {
  "the lowest priority is evicted": [
    3,
    {
      late: 1,
      steps: [
        [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
        [(w) => w.set(40, 4, 400), tens(2, 3, 4)],
      ],
    },
  ],
  "one that is lower than all is evicted itself": [
    2,
    {
      steps: [
        [(w) => many(w, ...tens(1, 2)), tens(1, 2)],
        [
          async (w) => {
            const outcome = await w.set(5, 9, 900);
            expect(outcome.applied).toBe(false);
            return outcome;
          },
          tens(1, 2),
        ],
      ],
    },
  ],
  "several are evicted by many": [
    3,
    {
      steps: [
        [(w) => many(w, ...tens(1, 2)), tens(1, 2)],
        [(w) => many(w, ...tens(3, 4, 5)), tens(3, 4, 5)],
      ],
    },
  ],
  "a changed priority evicts nothing": [
    3,
    {
      steps: [
        [(w) => many(w, ...tens(1, 2, 3)), tens(1, 2, 3)],
        [(w) => w.setPriority(1, 99), [...tens(2, 3), [99, 1, 100]]],
      ],
    },
  ],
};

it.each(Object.entries(bounded))("bounded priority queue: %s", (_name, [capacity, scenario]) => {
  return play(definePriorityQueue({ ...init, capacity }), content, scenario);
});
