import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedQueue } from "./bounded-queue.ts";

describe("BoundedQueue", () => {
  it("behaves like an array that refuses to grow beyond its limit", () => {
    const command = fc.oneof(
      { weight: 4, arbitrary: fc.record({ push: fc.nat() }) },
      { weight: 3, arbitrary: fc.constant("shift" as const) },
      { weight: 1, arbitrary: fc.constant("clear" as const) },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(command), (limit, commands) => {
        const queue = new BoundedQueue<number>(limit);
        let model: number[] = [];
        for (const next of commands) {
          if (next === "shift") expect(queue.shift()).toBe(model.shift());
          else if (next === "clear") {
            queue.clear();
            model = [];
          } else if (queue.push(next.push)) model.push(next.push);
          else expect(model).toHaveLength(limit);
          expect(queue.length).toBe(model.length);
          expect(queue.peek()).toBe(model[0]);
          expect(queue.full).toBe(model.length === limit);
        }
      }),
    );
  });

  it("keeps order through many turns of its storage", () => {
    const queue = new BoundedQueue<number>(200);
    let pushed = 0;
    let taken = 0;
    for (let round = 0; round < 100; round++) {
      while (queue.push(pushed)) pushed++;
      const out = Array.from({ length: 150 }, () => queue.shift());
      expect(out).toEqual(Array.from({ length: 150 }, () => taken++));
    }
    expect(queue.length).toBe(pushed - taken);
  });

  it("refuses a limit that is no whole number above 0", () => {
    for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new BoundedQueue(limit)).toThrow(RangeError);
    }
  });
});
