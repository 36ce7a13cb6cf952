import { expect, it } from "vitest";
import { ratesOf } from "./rates.ts";

it("a counter that is reported every five seconds has a steady rate in between", () => {
  const first = { at: 0, value: 0 };
  const second = { at: 5_000, value: 500 };
  const third = { at: 10_000, value: 500 };
  const samples = [undefined, first, first, second, second, second, third];
  expect(ratesOf(samples)).toEqual([undefined, undefined, undefined, 100, 100, 100, 0]);
});

it("one that began anew has no rate until it is reported again", () => {
  const samples = [1_000, 2_000, 3_000, 4_000].map((at, n) => ({
    at,
    value: [10, 20, 3, 5][n] ?? 0,
  }));
  expect(ratesOf(samples)).toEqual([undefined, 10, undefined, 2]);
});
