import { expect, test } from "vitest";
import { ClusterView, type LinkView } from "../cluster-view.ts";
import { Telemetry } from "../contract.ts";
import { peerNumber, settle, statusWith, subscribed } from "../scene.ts";
import { carriedOn, readingsWithout, untold } from "./measures.ts";

const [sensor, reader] = [peerNumber(1), peerNumber(2)];

const link = (figures: Partial<LinkView>): LinkView => ({
  stream: Telemetry.name,
  from: sensor,
  to: reader,
  items: 100,
  bytes: 0,
  dropped: 0,
  lagMs: 1,
  perSecond: 20,
  at: 0,
  ...figures,
});

test("only subscriptions to readings that a peer has no part in are looked at", () => {
  const links = [link({}), link({ stream: "demo.status" }), link({ to: peerNumber(3) })];
  expect(readingsWithout(links, reader)).toEqual([links[2]]);
  expect(readingsWithout(links, sensor)).toEqual([]);
});

test("subscriptions that kept their rate carried on", () => {
  const result = carriedOn("x", [link({})], [link({ items: 200, at: 5_000 })]);
  expect(result).toMatchObject({ ok: true });
});

test.each([
  ["a subscription that ended", []],
  ["one that began anew", [link({ items: 99, at: 5_000 })]],
  ["a rate that fell", [link({ items: 150, at: 5_000 })]],
  ["a dropped reading", [link({ items: 200, at: 5_000, dropped: 1 })]],
  ["readings that come late", [link({ items: 200, at: 5_000, lagMs: 900 })]],
])("%s did not carry on", (_, after) => {
  expect(carriedOn("x", [link({})], after).ok).toBe(false);
});

test("nobody to look at is no success", () => {
  expect(carriedOn("x", [], []).ok).toBe(false);
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
