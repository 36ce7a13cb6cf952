import fc from "fast-check";
import { expect, test } from "vitest";
import { Budget } from "./budget.ts";

const shareMax = 0.02;
const burstMs = 20;

test("however much is asked for, the share of the time is kept, but for what may be done at once", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ idleMs: fc.nat(300), costMs: fc.nat(40) })), (requests) => {
      const budget = new Budget({ shareMax, burstMs, nowMs: 0 });
      let now = 0;
      let spent = 0;
      let lastCost = 0;
      for (const { idleMs, costMs } of requests) {
        now += idleMs;
        if (budget.waitMs(now) > 0) continue;
        budget.spent(now, now + costMs);
        now += costMs;
        spent += costMs;
        lastCost = costMs;
      }
      expect(spent - lastCost).toBeLessThanOrEqual(burstMs + shareMax * now + 1e-6);
    }),
  );
});

test("after the wait that it names, work may be done", () => {
  const budget = new Budget({ shareMax, burstMs, nowMs: 0 });
  expect(budget.waitMs(0)).toBe(0);
  budget.spent(0, 30);
  const waitMs = budget.waitMs(30);
  expect(waitMs).toBeGreaterThan(400);
  expect(budget.waitMs(30 + waitMs - 1)).toBeGreaterThan(0);
  expect(budget.waitMs(30 + waitMs + 1)).toBe(0);
});

test("whoever waits as long as it says comes to an end of waiting, whatever numbers round to", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 40, noNaN: true }), fc.nat(1e9), (costMs, nowMs) => {
      const budget = new Budget({ shareMax, burstMs: 0, nowMs });
      budget.spent(nowMs, nowMs + costMs);
      let now = nowMs + costMs;
      let waits = 0;
      for (let ms = budget.waitMs(now); ms > 0; ms = budget.waitMs(now)) {
        now += ms;
        waits += 1;
        expect(waits).toBeLessThanOrEqual(2);
      }
    }),
  );
});
