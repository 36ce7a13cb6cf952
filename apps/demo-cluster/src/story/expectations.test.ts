import { beforeEach, expect, test } from "vitest";
import { ClusterView } from "../cluster-view.ts";
import { Statuses, Summaries, Telemetry } from "../contract.ts";
import { type Player, peerNumber, settle, statusWith, subscribed } from "../scene.ts";
import { expectedLinks, missingLinks, missingPeers, stillKnowing } from "./expectations.ts";

const players: readonly Player[] = [
  { role: "seed", name: "seed" },
  { role: "sensor", name: "sensor-1" },
  { role: "sensor", name: "sensor-2" },
  { role: "aggregator", name: "aggregator-1" },
  { role: "dashboard", name: "dashboard" },
];
const peers = players.map((_, index) => peerNumber(index + 1));
const [seed, sensor1, sensor2, aggregator, dashboard] = [1, 2, 3, 4, 5].map(peerNumber) as [
  ReturnType<typeof peerNumber>,
  ReturnType<typeof peerNumber>,
  ReturnType<typeof peerNumber>,
  ReturnType<typeof peerNumber>,
  ReturnType<typeof peerNumber>,
]; // five numbers make five ids
let view: ClusterView;

beforeEach(() => {
  view = new ClusterView();
  settle(view, players);
});

test("nothing is missing where all know all", () => {
  expect(missingPeers(view, new Set(peers))).toEqual([]);
});

test("an incomplete catalog is named, and so is one that knows who should be gone", () => {
  view.reported(seed, statusWith([sensor1, sensor2, aggregator]), 1);
  expect(missingPeers(view, new Set(peers))).toEqual(["seed does not know 1 of the others"]);
  const without = new Set(peers.filter((peer) => peer !== sensor2));
  view.departed(sensor2, "unreachable", 2);
  expect(missingPeers(view, without)).toContain("sensor-1 knows 1 that are gone");
  expect(stillKnowing(view, sensor2)).toEqual(["seed", "sensor-1", "aggregator-1", "dashboard"]);
});

test("somebody the dashboard itself does not know is missing", () => {
  expect(missingPeers(view, new Set([...peers, peerNumber(9)]))).toEqual([
    "the dashboard does not know 00000009",
    "seed does not know 1 of the others",
    "sensor-1 does not know 1 of the others",
    "sensor-2 does not know 1 of the others",
    "aggregator-1 does not know 1 of the others",
    "dashboard does not know 1 of the others",
  ]);
});

test("roles demand subscriptions: sensors feed aggregators, all report to the dashboard", () => {
  const expected = expectedLinks(view.present).map(
    ({ stream, from, to }) => `${stream} ${from.name} ${to.name}`,
  );
  expect(expected).toEqual([
    "demo.telemetry sensor-1 aggregator-1",
    "demo.telemetry sensor-2 aggregator-1",
    "demo.summary aggregator-1 dashboard",
    "demo.status seed dashboard",
    "demo.status sensor-1 dashboard",
    "demo.status sensor-2 dashboard",
    "demo.status aggregator-1 dashboard",
  ]);
});

test("a subscription is missing until its consumer reports it, and carries nothing until items came", () => {
  const all = (except: string): void => {
    const inputs = [
      subscribed(Summaries.name, aggregator, { items: 1 }),
      ...[seed, sensor1, sensor2, aggregator].map((peer) => subscribed(Statuses.name, peer)),
    ];
    view.reported(dashboard, statusWith([], { inputs }), 1);
    const readings = [sensor1, sensor2].filter((peer) => peer !== except);
    const fed = readings.map((peer) => subscribed(Telemetry.name, peer, { items: 3 }));
    view.reported(aggregator, statusWith([], { inputs: fed }), 1);
  };
  all(sensor2);
  expect(missingLinks(view)).toEqual(["no demo.telemetry from sensor-2 to aggregator-1"]);
  all("");
  expect(missingLinks(view)).toEqual([]);
  const readings = { where: ({ to }: { to: { peer: string } }) => to.peer === aggregator };
  expect(missingLinks(view, { ...readings, itemsMin: 3 })).toEqual([]);
  expect(missingLinks(view, { ...readings, itemsMin: 4 })).toHaveLength(2);
});
