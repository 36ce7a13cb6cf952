import fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

test("a burst is allowed, then as many as the rate says", () => {
  const limit = new RateLimit({ perSecond: 10, burst: 3, nowMs: 0 });
  expect([1, 2, 3, 4].map(() => limit.take(0))).toEqual([true, true, true, false]);
  expect([limit.take(99), limit.take(100), limit.take(100)]).toEqual([false, true, false]);
});

test("in no time more are allowed than the burst and the rate", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 200 }), (pausesMs) => {
      const limit = new RateLimit({ perSecond: 10, burst: 3, nowMs: 0 });
      let nowMs = 0;
      let taken = 0;
      for (const pauseMs of pausesMs) {
        nowMs += pauseMs;
        if (limit.take(nowMs)) taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(3 + nowMs / 100 + 1e-6);
    }),
  );
});
