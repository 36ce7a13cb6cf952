import { expect, test } from "vitest";
import { type Reading, Summary } from "./contract.ts";
import { SummaryWindow } from "./window.ts";

const reading = (cpuBusy: number | undefined, usedBytes: number): Reading => ({
  at: 0,
  ...(cpuBusy === undefined ? {} : { cpuBusy }),
  memory: { usedBytes, totalBytes: 100 },
  loopDelay: { p50Ms: 0, p99Ms: 3, maxMs: 5 },
});

test("a summary has means and maxima, and says how many readings of how many sensors", () => {
  const window = new SummaryWindow();
  window.add("a", reading(0.2, 40));
  window.add("b", reading(0.4, 60));
  window.add("a", reading(undefined, 50));
  const summary = window.close(1_000, 500);
  expect(Summary.parse(summary)).toEqual(summary);
  expect(summary).toMatchObject({ at: 1_000, windowMs: 500, readings: 3, sensors: 2 });
  expect(summary.cpuBusy?.mean).toBeCloseTo(0.3);
  expect(summary.memoryUsed).toEqual({ mean: 50, max: 60 });
});

test("what no reading tells is left out, and a window begins empty", () => {
  const window = new SummaryWindow();
  window.add("a", reading(undefined, 40));
  expect(window.close(1, 1)).not.toHaveProperty("cpuBusy");
  expect(window.close(2, 1)).toEqual({ at: 2, windowMs: 1, readings: 0, sensors: 0 });
});
