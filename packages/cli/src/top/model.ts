import type { PeerId } from "@mosaik/primitives";
import { type GroupView, healthOf, leaderOf, viewsOf } from "../groups/views.ts";
import type { WholeSide } from "../network/sides.ts";
import { type StreamFacts, type StreamRow, streamRows } from "../streams/rows.ts";

/** What is shown. */
export const tabs = ["peers", "streams", "groups"] as const;

/** See {@link tabs}. */
export type Tab = (typeof tabs)[number];

/** All nodes at one time, by a monotonic clock. */
export interface Sample {
  readonly at: number;
  readonly sides: readonly WholeSide[];
}

/** What the user chose. */
export interface Choice {
  readonly tab: Tab;
  /** The column that the rows are sorted by, from 0. */
  readonly sort: number;
  readonly descending: boolean;
  /** Only rows that have this text. */
  readonly filter: string;
  /** Whether the filter is being written. */
  readonly isFiltering: boolean;
  /** The first row that is shown. */
  readonly scroll: number;
}

/** What is chosen at first. */
export const firstChoice: Choice = {
  tab: "peers",
  sort: 0,
  descending: false,
  filter: "",
  isFiltering: false,
  scroll: 0,
};

/** A peer, as it is shown. */
export interface PeerRow {
  readonly peer: string;
  readonly tags: readonly string[];
  readonly looks: boolean;
  readonly connections: number;
  readonly relayed: number;
  readonly rttMs: number | undefined;
  readonly sentPerSecond: number;
  readonly receivedPerSecond: number;
  readonly uptimeMs: number | undefined;
}

/** A group, as it is shown. */
export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly health: string;
  readonly leader: string | undefined;
  readonly term: number;
  readonly members: number;
  readonly voters: number;
  readonly commit: number;
  readonly lag: number;
}

/** All rows, of two samples. */
export interface Rows {
  readonly peers: readonly PeerRow[];
  readonly streams: readonly StreamRow[];
  readonly groups: readonly GroupRow[];
  /** Nodes that do not let us look. */
  readonly silent: number;
}

/** What two samples in a row show. */
export function rowsOf(before: Sample | undefined, now: Sample): Rows {
  const then = before ?? now;
  return {
    peers: now.sides.map((side) => peerRow(then, now, side)),
    streams: streamRows(streamFacts(then), streamFacts(now)),
    groups: viewsOf(now.sides).map(groupRow),
    silent: now.sides.filter(({ node }) => node === undefined).length,
  };
}

function peerRow(then: Sample, now: Sample, side: WholeSide): PeerRow {
  const { peer, node, connections = {} } = side;
  const before = then.sides.find((one) => one.peer === peer);
  const seconds = (now.at - then.at) / 1_000;
  const rate = (name: "bytesSent" | "bytesReceived"): number =>
    seconds <= 0 || before === undefined
      ? 0
      : Math.max(0, (traffic(side, name) - traffic(before, name)) / seconds);
  const all = Object.values(connections);
  const rtts = all.map(({ rttMs }) => rttMs).sort((a, b) => a - b);
  return {
    peer,
    tags: node?.tags ?? [],
    looks: node !== undefined,
    connections: all.length,
    relayed: all.filter(({ path }) => path === "relay").length,
    rttMs: rtts[Math.floor(rtts.length / 2)],
    sentPerSecond: rate("bytesSent"),
    receivedPerSecond: rate("bytesReceived"),
    uptimeMs: node === undefined ? undefined : node.now - node.startedAt,
  };
}

function traffic({ connections = {} }: WholeSide, name: "bytesSent" | "bytesReceived"): number {
  return Object.values(connections)
    .flatMap(({ protocols }) => Object.values(protocols))
    .reduce((sum, one) => sum + one[name], 0);
}

function streamFacts({ at, sides }: Sample): StreamFacts {
  const told = sides.flatMap(
    ({ peer, streams }) => (streams === undefined ? [] : [{ by: peer as PeerId, ...streams }]), // sides are of peers
  );
  return {
    produced: told.flatMap(({ by, produced }) =>
      Object.values(produced).map((one) => ({ ...one, by, at })),
    ),
    consumed: told.flatMap(({ by, consumed }) =>
      Object.values(consumed).map((one) => ({ ...one, by })),
    ),
    silent: sides.length - told.length,
  };
}

function groupRow(group: GroupView): GroupRow {
  const { term, commit, members } = group.best.view;
  const all = Object.values(members);
  return {
    id: group.id,
    name: group.name,
    health: healthOf(group),
    leader: leaderOf(group),
    term,
    commit,
    members: all.length,
    voters: all.filter(({ voting }) => voting).length,
    lag: Math.max(0, ...[...group.views.values()].map((view) => commit - view.applied)),
  };
}
