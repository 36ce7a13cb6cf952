import { ConnectionsSection } from "@mosaik/transport";
import type { Group } from "./groups.ts";
import { type Snapshot, sectionOf } from "./snapshot.ts";
import type { Stream } from "./streams.ts";

/** What joins two peers. */
export const edgeKinds = ["stream", "group", "gossip", "connection"] as const;
/** See {@link edgeKinds}. */
export type EdgeKind = (typeof edgeKinds)[number];

/** A line between two peers. Of streams it has a direction; the others have the lower id first. */
export interface Edge {
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** Of what: the stream's or the group's name. */
  readonly of: string;
  readonly relayed: boolean;
  readonly rttMs: number | undefined;
  readonly itemsPerSecond: number | undefined;
  /** Both offer it in the catalog, and nobody says that it is there. */
  readonly inferred: boolean;
}

const plainEdge = {
  of: "",
  relayed: false,
  rttMs: undefined,
  itemsPerSecond: undefined,
  inferred: false,
};
const gossip = /^\/mosaik\/discovery\/gossip\//;

/** All lines between the peers of a snapshot. */
export function edgesOf(
  snapshot: Snapshot,
  streams: readonly Stream[],
  groups: readonly Group[],
): Edge[] {
  return [
    ...streamEdges(snapshot, streams),
    ...groupEdges(snapshot, groups),
    ...connectionEdges(snapshot),
  ];
}

function connectionEdges(snapshot: Snapshot): Edge[] {
  const edges = new Map<string, Edge>();
  for (const peer of snapshot.peers.values()) {
    for (const [other, told] of Object.entries(sectionOf(peer, ConnectionsSection) ?? {})) {
      if (!snapshot.peers.has(other)) continue;
      const [from, to] = peer.id < other ? [peer.id, other] : [other, peer.id];
      const neighbours = Object.entries(told.protocols).some(
        ([protocol, { links }]) => gossip.test(protocol) && links > 0,
      );
      const known = edges.get(`${from} ${to}`);
      const kind = neighbours || known?.kind === "gossip" ? "gossip" : "connection";
      const relayed = told.path === "relay";
      edges.set(`${from} ${to}`, { ...plainEdge, kind, from, to, relayed, rttMs: told.rttMs });
    }
  }
  return [...edges.values()];
}

function streamEdges(snapshot: Snapshot, streams: readonly Stream[]): Edge[] {
  const told = streams.flatMap(({ id, name, subscriptions }) =>
    subscriptions.map(({ producer: from, consumer: to, itemsPerSecond }) => ({
      ...plainEdge,
      kind: "stream" as const,
      id,
      from,
      to,
      of: name,
      itemsPerSecond,
    })),
  );
  return [
    ...told.filter(({ from, to }) => isThere(snapshot, from, to)),
    ...inferredEdges(snapshot, streams),
  ];
}

/** Who feeds whom by what they offer, where neither of the two lets us look. */
function inferredEdges(snapshot: Snapshot, streams: readonly Stream[]): Edge[] {
  const names = new Map(streams.map(({ id, name }) => [id, name]));
  const dark = [...snapshot.peers.values()].filter(({ access }) => access?.state !== "open");
  const offering = (kind: string, id: string) =>
    [...snapshot.peers.values()].filter(({ entry }) => entry?.offers[kind]?.includes(id));
  return dark.flatMap(({ id: from, entry }) =>
    (entry?.offers["stream.producer"] ?? []).flatMap((stream) =>
      offering("stream.consumer", stream)
        .filter(({ id, access }) => id !== from && access?.state !== "open")
        .map(({ id: to }) => ({
          ...plainEdge,
          kind: "stream" as const,
          from,
          to,
          of: names.get(stream) ?? stream.slice(0, 8),
          inferred: true,
        })),
    ),
  );
}

function groupEdges(snapshot: Snapshot, groups: readonly Group[]): Edge[] {
  return groups.flatMap(({ name, members, leader }) =>
    members
      .filter(({ peer, bonded }) => bonded && leader !== undefined && peer !== leader.peer)
      .map(({ peer }) => ({
        ...plainEdge,
        kind: "group" as const,
        from: leader?.peer ?? "",
        to: peer,
        of: name,
      }))
      .filter(({ from, to }) => isThere(snapshot, from, to)),
  );
}

function isThere({ peers }: Snapshot, from: string, to: string): boolean {
  return from !== to && peers.has(from) && peers.has(to);
}
