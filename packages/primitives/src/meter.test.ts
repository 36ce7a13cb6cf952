import { describe, expect, it } from "vitest";
import { bothMeters, defineMetric, silentMeter } from "./meter.ts";
import { TallyMeter } from "./tally-meter.ts";

const items = defineMetric({
  kind: "counter",
  name: "test_items_total",
  help: "Items.",
  unit: "items",
  label: "stream",
});
const backlog = defineMetric({
  kind: "gauge",
  name: "test_backlog_bytes",
  help: "Backlog.",
  unit: "bytes",
});
const took = defineMetric({
  kind: "histogram",
  name: "test_took_seconds",
  help: "Time.",
  unit: "seconds",
  buckets: [0.1, 1],
});

describe("a metric", () => {
  it("has a name that says what it is", () => {
    const gauge = { kind: "gauge", help: "x", unit: "things" } as const;
    for (const name of ["Things", "things", "a-b", "things_total", ""]) {
      expect(() => defineMetric({ ...gauge, name })).toThrow(RangeError);
    }
    expect(() => defineMetric({ ...gauge, kind: "counter", name: "a_things" })).toThrow(RangeError);
    expect(() => defineMetric({ ...gauge, name: "a_size", unit: "bytes" })).toThrow(RangeError);
    expect(() => defineMetric({ ...gauge, kind: "histogram", name: "a_b" })).toThrow(RangeError);
  });
});

describe("a meter", () => {
  it("keeps nothing where it is silent", () => {
    expect(silentMeter.counter(items, "a").add(2)).toBeUndefined();
    expect(silentMeter.gauge(backlog).set(1)).toBeUndefined();
    expect(silentMeter.histogram(took).observe(1)).toBeUndefined();
  });

  it("tells two others, who remember", () => {
    const [left, right] = [new TallyMeter(), new TallyMeter()];
    const meter = bothMeters(left, right);
    meter.counter(items, "a").add();
    meter.counter(items, "a").add(2);
    meter.counter(items, "b").add(5);
    meter.gauge(backlog).set(7);
    meter.gauge(backlog).set(3);
    for (const value of [0.05, 0.5, 0.5, 9]) meter.histogram(took).observe(value);
    expect(left.tallies).toEqual(right.tallies);
    expect(left.tallies).toEqual([
      {
        metric: items,
        numbers: new Map([
          ["a", 3],
          ["b", 5],
        ]),
        distributions: new Map(),
      },
      { metric: backlog, numbers: new Map([["", 3]]), distributions: new Map() },
      {
        metric: took,
        numbers: new Map(),
        distributions: new Map([["", { count: 4, sum: 10.05, atMost: [1, 3] }]]),
      },
    ]);
  });

  it("tells so many labels apart, and the rest as others", () => {
    const meter = new TallyMeter();
    for (let count = 0; count < 1_100; count++) meter.counter(items, `stream ${count}`).add();
    const [tally] = meter.tallies;
    expect(tally?.numbers.size).toBe(1_025);
    expect(tally?.numbers.get("other")).toBe(1_100 - 1_024);
  });
});
