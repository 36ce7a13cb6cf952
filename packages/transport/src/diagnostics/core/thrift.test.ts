import fc from "fast-check";
import { expect, test } from "vitest";
import { Thrift } from "./thrift.ts";

test("however often it is asked for, its share of the time is kept", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ waitMs: fc.nat(300), costMs: fc.nat(40) })), (requests) => {
      const thrift = new Thrift({ freshMs: 100, shareMax: 0.02 });
      let now = 0;
      let spent = 0;
      let lastCost = 0;
      for (const { waitMs, costMs } of requests) {
        now += waitMs;
        if (!thrift.isDue(now)) continue;
        thrift.made(now, now + costMs);
        now += costMs;
        spent += costMs;
        lastCost = costMs;
      }
      expect(spent - lastCost).toBeLessThanOrEqual(0.02 * now + 1e-6);
    }),
  );
});

test("what is cheap is good for a moment", () => {
  const thrift = new Thrift({ freshMs: 100, shareMax: 0.02 });
  thrift.made(1_000, 1_000.1);
  expect([thrift.isDue(1_099), thrift.isDue(1_100)]).toEqual([false, true]);
});
