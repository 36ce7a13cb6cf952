import { widthOf } from "@mosaik/cli/terminal";
import { expect, test } from "vitest";
import { ClusterView } from "../cluster-view.ts";
import { Statuses, Summaries, Telemetry } from "../contract.ts";
import {
  entryOf,
  groupStatus,
  ledgerState,
  peerNumber,
  settle,
  statusWith,
  subscribed,
} from "../scene.ts";
import { DashboardModel } from "./model.ts";
import { drawFrame } from "./view.ts";

const noon = new Date(2026, 0, 1, 12, 0, 0).getTime();

/** Two sensors, of which one is silent, feed an aggregator; a third was killed. */
function scene() {
  const view = new ClusterView();
  const model = new DashboardModel("demo-test", 0);
  const [seed, sensor1, sensor2, sensor3, aggregator, dashboard] = settle(view, [
    { role: "seed", name: "seed" },
    { role: "sensor", name: "sensor-1" },
    { role: "sensor", name: "sensor-2" },
    { role: "sensor", name: "sensor-3" },
    { role: "aggregator", name: "aggregator-1" },
    { role: "dashboard", name: "dashboard" },
  ]);
  if (!seed || !sensor1 || !sensor2 || !sensor3 || !aggregator || !dashboard) throw new Error();
  model.follow(view, 0, noon);
  view.departed(sensor3, "unreachable", 4_000);
  model.follow(view, 4_000, noon + 4_000);
  const peers = [seed, sensor1, sensor2, aggregator, dashboard];
  const report = (at: number, items: number): void => {
    for (const peer of peers) {
      if (peer === sensor2 && at > 6_000) continue;
      const fed = [sensor1, sensor2].map((from) =>
        subscribed(Telemetry.name, from, { items, uptimeMs: at, lagMs: 1.5, dropped: 3 }),
      );
      const told = [seed, sensor1, sensor2, aggregator].map((from) =>
        subscribed(Statuses.name, from, { items: items / 10, uptimeMs: at }),
      );
      const gist = subscribed(Summaries.name, aggregator, { items: items / 20, uptimeMs: at });
      const inputs = peer === aggregator ? fed : peer === dashboard ? [...told, gist] : [];
      const audit = { items: peer === aggregator ? items * 2 : 0, gaps: 0, lost: 0, disorder: 0 };
      const others = peers.filter((other) => other !== peer);
      view.reported(peer, statusWith(others, { at, inputs, audit, uptimeMs: at }), at);
    }
  };
  report(6_000, 100);
  report(8_000, 140);
  view.summarised(aggregator, {
    at: 8_000,
    windowMs: 1_000,
    readings: 40,
    sensors: 2,
    cpuBusy: { mean: 0.42, max: 0.9 },
    memoryUsed: { mean: 4.2e9, max: 4.3e9 },
    memoryTotal: 16e9,
    loopDelayMs: { mean: 1.25, max: 3 },
  });
  view.agreed(groupStatus([aggregator, dashboard]), ledgerState(0), 7_500);
  view.agreed(groupStatus([aggregator, dashboard]), ledgerState(40), 8_500);
  model.follow(view, 8_500, noon + 8_500);
  const notes = new Map([["sensor-3", "SIGKILL"]]);
  return { view, model, frame: () => model.frame(view, { now: 8_500, notes }) };
}

test("a picture of a cluster", () => {
  const { model, frame } = scene();
  model.move(frame(), 1);
  const lines = drawFrame(frame(), { columns: 110, rows: 44, color: false });
  expect(lines.map((line) => line.trimEnd()).join("\n")).toMatchSnapshot();
});

test("a picture fits every terminal, and keeps the help and the selected node in sight", () => {
  const { view, model, frame } = scene();
  for (let number = 20; number < 60; number++) {
    view.discovered(entryOf(peerNumber(number), "sensor", `sensor-${number}`), 8_000);
  }
  for (let step = 0; step < 30; step++) model.move(frame(), 1);
  for (const [columns, rows] of [
    [200, 60],
    [80, 24],
    [40, 12],
    [1, 1],
  ] as const) {
    const lines = drawFrame(frame(), { columns, rows, color: false });
    expect(lines).toHaveLength(rows);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    if (columns < 80) continue;
    expect(lines.at(-1)).toContain("q quit");
    expect(lines.join("\n")).toContain(`▸ ${model.selected}`);
  }
});

test("without colour a picture has no escape sequence, with colour the same text", () => {
  const { frame } = scene();
  const size = { columns: 120, rows: 50 };
  const plain = drawFrame(frame(), { ...size, color: false });
  const colourful = drawFrame(frame(), { ...size, color: true });
  expect(plain.join("")).not.toContain("\u001b");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
  expect(colourful.map((line) => line.replaceAll(/\u001b\[\d+m/g, ""))).toEqual(plain);
});
