import fc from "fast-check";
import { expect, test } from "vitest";
import { EventRing } from "./event-ring.ts";

function ring(limit: number, count: number): EventRing {
  const events = new EventRing(limit);
  for (let at = 1; at <= count; at++) events.add({ at, name: "test", facts: {} });
  return events;
}

test("what is kept is told in order, and what was forgotten is counted exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(40), fc.nat(50), (limit, count, after) => {
      const { missed, events } = ring(limit, count).after(after, 1_000);
      const kept = Math.min(limit, count);
      const due = Math.max(0, count - after);
      expect(events.map(({ sequence }) => sequence)).toEqual(
        Array.from(
          { length: Math.min(kept, due) },
          (_, at) => count - Math.min(kept, due) + 1 + at,
        ),
      );
      expect(missed + events.length).toBe(due);
    }),
  );
});

test("so many are told at a time, the oldest first", () => {
  const { missed, events } = ring(5, 7).after(3, 2);
  expect(missed).toBe(0);
  expect(events.map(({ at }) => at)).toEqual([4, 5]);
});
