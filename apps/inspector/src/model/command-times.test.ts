import { expect, it } from "vitest";
import { quantileOf } from "./command-times.ts";

const buckets = [0.001, 0.01, 0.1];

it("a quantile lies in the bucket that reaches it, in proportion", () => {
  const distribution = { count: 100, atMost: [50, 90, 100] };
  expect(quantileOf(buckets, distribution, 0.5)).toBeCloseTo(0.001);
  expect(quantileOf(buckets, distribution, 0.7)).toBeCloseTo(0.0055);
  expect(quantileOf(buckets, distribution, 0.99)).toBeCloseTo(0.091);
});

it("above the last bucket it is that one's end", () => {
  expect(quantileOf(buckets, { count: 10, atMost: [0, 0, 2] }, 0.99)).toBe(0.1);
});
