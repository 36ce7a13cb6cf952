import { expect, it } from "vitest";
import { silentMeter } from "./meter.ts";

it("a silent meter takes everything", () => {
  expect(silentMeter.counter("items_total", { stream: "a" }).add(2)).toBeUndefined();
  expect(silentMeter.gauge("backlog_bytes").set(1)).toBeUndefined();
});
