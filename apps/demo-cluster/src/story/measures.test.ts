import { expect, test } from "vitest";
import { ClusterView, type LinkView } from "../cluster-view.ts";
import { Telemetry } from "../contract.ts";
import { peerNumber, settle, statusWith, subscribed } from "../scene.ts";
import { type Carried, carriedOn, readingsWithout, untold } from "./measures.ts";

const [sensor, reader] = [peerNumber(1), peerNumber(2)];

const carried = (
  items: number,
  offered: number,
  at: number,
  link: Partial<LinkView> = {},
): Carried => ({
  link: {
    stream: Telemetry.name,
    from: sensor,
    to: reader,
    items,
    bytes: 0,
    dropped: 0,
    lagMs: 1,
    perSecond: 20,
    at,
    ...link,
  },
  offered,
  offeredAt: at,
});
const before = carried(100, 100, 0);

test("only subscriptions to readings that a peer has no part in are looked at", () => {
  const view = new ClusterView();
  settle(view, [
    { role: "sensor", name: "sensor-1" },
    { role: "aggregator", name: "aggregator-1" },
  ]);
  view.reported(sensor, statusWith([reader], { offered: 7, at: 3 }), 1);
  const inputs = [subscribed(Telemetry.name, sensor), subscribed("demo.status", sensor)];
  view.reported(reader, statusWith([sensor], { inputs }), 1);
  expect(readingsWithout(view, peerNumber(9))).toMatchObject([
    { link: { stream: Telemetry.name, from: sensor, to: reader }, offered: 7, offeredAt: 3 },
  ]);
  expect(readingsWithout(view, sensor)).toEqual([]);
  expect(readingsWithout(view, reader)).toEqual([]);
});

test("subscriptions that carried what there was to send carried on, however little that was", () => {
  expect(carriedOn([before], [carried(200, 200, 5_000)]).ok).toBe(true);
  expect(carriedOn([before], [carried(110, 110, 5_000)]).ok).toBe(true);
});

test.each([
  ["a subscription that ended", []],
  ["one that began anew", [carried(99, 200, 5_000)]],
  ["one that fell behind", [carried(150, 200, 5_000)]],
  ["one whose sensor has nothing to send", [carried(100, 100, 5_000)]],
  ["a dropped reading", [carried(200, 200, 5_000, { dropped: 1 })]],
  ["readings that come late", [carried(200, 200, 5_000, { lagMs: 900 })]],
])("%s did not carry on", (_, after) => {
  expect(carriedOn([before], after).ok).toBe(false);
});

test("on a machine that is given slack, later is late", () => {
  expect(carriedOn([before], [carried(200, 200, 5_000, { lagMs: 900 })], 4).ok).toBe(true);
});

test("nobody to look at is no success", () => {
  expect(carriedOn([], []).ok).toBe(false);
});

function accounts(dropped: number, told: number, gaps: number, lost = 0): string[] {
  const view = new ClusterView();
  settle(view, [
    { role: "sensor", name: "sensor-1" },
    { role: "slow-reader", name: "slow" },
  ]);
  const outputs = [subscribed(Telemetry.name, reader, { dropped })];
  const inputs = [subscribed(Telemetry.name, sensor, { dropped: told })];
  view.reported(sensor, statusWith([reader], { outputs }), 1);
  const audit = { items: 9, gaps, lost, disorder: 0 };
  view.reported(reader, statusWith([sensor], { inputs, audit }), 1);
  return untold(view.present, reader);
}

test("accounts agree only where each dropped reading was told and none was lost beside", () => {
  expect(accounts(7, 7, 7)).toEqual([]);
  expect(accounts(7, 6, 6)).toEqual([
    "sensor-1 dropped 7, told 6",
    "7 dropped, gaps of 6 delivered",
  ]);
  expect(accounts(7, 7, 7, 1)).toEqual(["1 lost without a word"]);
});
