import type { PeerId } from "mosaik";
import { expect, test } from "vitest";
import { ClusterView, statusOf } from "./cluster-view.ts";
import { Telemetry } from "./contract.ts";
import { entryOf, peerNumber, settle, statusWith, subscribed } from "./scene.ts";

const [one, two] = [peerNumber(1), peerNumber(2)];

test("a status of a peer that is not in the catalog is ignored", () => {
  const view = new ClusterView();
  view.reported(one, statusWith([]), 0);
  expect(view.nodes.size).toBe(0);
});

test("a node that departed is no longer there, and is there again when it is discovered again", () => {
  const view = new ClusterView();
  settle(view, [{ role: "sensor", name: "sensor-1" }]);
  view.departed(one, "unreachable", 10);
  view.reported(one, statusWith([]), 11);
  expect(view.present).toEqual([]);
  expect(view.nodes.get(one)?.departed).toEqual({ at: 10, reason: "unreachable" });
  view.discovered(entryOf(one, "sensor", "sensor-1"), 20);
  expect(view.present[0]).toMatchObject({ name: "sensor-1", role: "sensor", discoveredAt: 20 });
  expect(view.present[0]?.statuses).toEqual([]);
});

test("rates are of the last two seconds, and begin anew with a new subscription", () => {
  const view = new ClusterView();
  settle(view, [
    { role: "sensor", name: "sensor-1" },
    { role: "aggregator", name: "aggregator-1" },
  ]);
  const report = (at: number, items: number, uptimeMs: number): void => {
    const input = subscribed(Telemetry.name, one, { items, uptimeMs });
    view.reported(two, statusWith([one], { at, inputs: [input] }), at);
  };
  report(10_000, 0, 5_000);
  report(11_000, 100, 6_000);
  expect(view.links[0]).toMatchObject({ from: one, to: two, items: 100, perSecond: 100 });
  report(12_000, 120, 7_000);
  report(14_500, 170, 9_500);
  expect(view.links[0]?.perSecond).toBe(20);
  report(15_000, 8, 400);
  expect(view.links[0]?.perSecond).toBe(20);
});

test("what departed nodes consumed still counts, also when they are forgotten", () => {
  const view = new ClusterView();
  const audit = { items: 5, gaps: 0, lost: 0, disorder: 0 };
  for (let number = 1; number <= 100; number++) {
    const peer: PeerId = peerNumber(number);
    view.discovered(entryOf(peer, "sensor", `sensor-${number}`), number);
    view.reported(peer, statusWith([], { audit }), number);
    view.departed(peer, "goodbye", number);
  }
  expect(view.nodes.size).toBe(64);
  expect(view.nodes.has(one)).toBe(false);
  expect(view.items).toBe(500);
});

test("the summaries of an aggregator go with it", () => {
  const view = new ClusterView();
  settle(view, [{ role: "aggregator", name: "aggregator-1" }]);
  view.summarised(one, { at: 1, windowMs: 1, readings: 3, sensors: 1 });
  expect(view.summaries.get(one)?.readings).toBe(3);
  view.departed(one, "goodbye", 2);
  expect(view.summaries.size).toBe(0);
});

test("the newest status counts", () => {
  const view = new ClusterView();
  settle(view, [{ role: "seed", name: "seed" }]);
  view.reported(one, statusWith([two], { pid: 7 }), 5);
  const node = view.nodes.get(one);
  expect(node && statusOf(node)?.pid).toBe(7);
});

test("what was acknowledged to a writer stays known when its node is gone", () => {
  const view = new ClusterView();
  settle(view, [{ role: "aggregator", name: "aggregator-1" }]);
  const acknowledged = { writer: "a/1", ranges: [[1, 5] as [number, number]] };
  const ledger = { role: "leader", term: 2, applied: 9, acknowledged };
  view.reported(one, statusWith([], { ledger }), 1);
  view.departed(one, "unreachable", 2);
  expect(view.acknowledged.get("a/1")).toEqual([[1, 5]]);
});
