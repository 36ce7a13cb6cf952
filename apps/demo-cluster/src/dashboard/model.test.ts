import { expect, test } from "vitest";
import { ClusterView } from "../cluster-view.ts";
import { Statuses, Telemetry } from "../contract.ts";
import { entryOf, peerNumber, settle, statusWith, subscribed } from "../scene.ts";
import { DashboardModel } from "./model.ts";

const [sensor, dashboard] = [peerNumber(1), peerNumber(2)];
const notes = new Map<string, string>();

function scene() {
  const view = new ClusterView();
  const model = new DashboardModel("demo", 0);
  settle(view, [
    { role: "sensor", name: "sensor-1" },
    { role: "dashboard", name: "dashboard" },
  ]);
  return { view, model };
}

const events = (model: DashboardModel, view: ClusterView, now: number): string[] =>
  model.frame(view, { now, notes }).events.map((event) => event.text);

test("a cluster is settled when all know all and every expected subscription is up", () => {
  const { view, model } = scene();
  model.follow(view, 100, 0);
  expect(model.frame(view, { now: 100, notes }).settled).toEqual({
    kind: "no",
    lacks: "no demo.status from sensor-1 to dashboard",
  });
  const inputs = [subscribed(Statuses.name, sensor)];
  view.reported(dashboard, statusWith([sensor], { inputs }), 700);
  model.follow(view, 700, 0);
  expect(model.frame(view, { now: 900, notes }).settled).toEqual({ kind: "yes", afterMs: 700 });
  expect(events(model, view, 900)).toContain("settled after 700 ms: 2 nodes agree");
});

test("who comes, falls silent, speaks again and goes is told once each", () => {
  const { view, model } = scene();
  for (const now of [100, 200, 2_500, 2_600]) model.follow(view, now, 0);
  view.reported(sensor, statusWith([dashboard]), 2_700);
  view.reported(dashboard, statusWith([sensor]), 2_700);
  model.follow(view, 2_700, 0);
  view.departed(sensor, "goodbye", 2_800);
  for (const now of [2_800, 2_900]) model.follow(view, now, 0);
  expect(events(model, view, 2_900).filter((text) => text.startsWith("sensor-1"))).toEqual([
    "sensor-1 discovered: 00000001",
    "sensor-1 says nothing any more",
    "sensor-1 speaks again",
    "sensor-1 is gone (goodbye)",
  ]);
});

test("a node that left is shown for a while, unless another came under its name", () => {
  const { view, model } = scene();
  view.departed(sensor, "unreachable", 1_000);
  const names = (now: number): string[] =>
    model.frame(view, { now, notes }).nodes.map((node) => `${node.name} ${node.state}`);
  expect(names(1_500)).toEqual(["sensor-1 departed", "dashboard up"]);
  expect(names(60_000)).toEqual(["dashboard silent"]);
  view.discovered(entryOf(peerNumber(7), "sensor", "sensor-1"), 1_600);
  expect(names(1_700)).toEqual(["sensor-1 discovered", "dashboard up"]);
});

test("the selection moves over what is shown, and stays within it", () => {
  const { view, model } = scene();
  const frame = () => model.frame(view, { now: 1, notes });
  frame();
  expect(model.selected).toBe("sensor-1");
  model.move(frame(), 5);
  expect(model.selected).toBe("dashboard");
  model.move(frame(), -9);
  expect(model.selected).toBe("sensor-1");
});

test("until the user moves it, the selection is the first node, whoever comes later", () => {
  const view = new ClusterView();
  const model = new DashboardModel("demo", 0);
  settle(view, [{ role: "dashboard", name: "dashboard" }]);
  model.frame(view, { now: 1, notes });
  expect(model.selected).toBe("dashboard");
  view.discovered(entryOf(peerNumber(7), "sensor", "sensor-1"), 2);
  model.frame(view, { now: 3, notes });
  expect(model.selected).toBe("sensor-1");
});

test("what a silent consumer last reported counts for no rate", () => {
  const { view, model } = scene();
  view.discovered(entryOf(peerNumber(3), "aggregator", "aggregator-1"), 0);
  const inputs = [subscribed(Telemetry.name, sensor, { items: 50, uptimeMs: 1_000 })];
  view.reported(peerNumber(3), statusWith([], { inputs }), 0);
  expect(model.frame(view, { now: 500, notes }).perSecond).toBe(50);
  expect(model.frame(view, { now: 5_000, notes }).perSecond).toBe(0);
});

test("the event log is bounded", () => {
  const { view, model } = scene();
  for (let count = 0; count < 1_000; count++) model.note(`line ${count}`, count);
  expect(events(model, view, 1)).toHaveLength(200);
});
