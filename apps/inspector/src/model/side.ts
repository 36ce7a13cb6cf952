import { CatalogSection } from "@mosaik/discovery";
import { type Cause, StreamsSection, whyApart } from "@mosaik/streams";
import { ConnectionsSection, DialsSection, NodeSection, RefusalsSection } from "@mosaik/transport";
import { type Snapshot, sectionOf } from "./snapshot.ts";

type Side = Parameters<typeof whyApart>[0];

/** Why two peers are not connected, or do not talk, as far as what is known of them tells. */
export function apart(snapshot: Snapshot, one: string, two: string): readonly Cause[] {
  return whyApart(sideOf(snapshot, one), sideOf(snapshot, two));
}

function sideOf(snapshot: Snapshot, id: string): Side {
  const peer = snapshot.peers.get(id);
  const told = {
    node: sectionOf(peer, NodeSection),
    connections: sectionOf(peer, ConnectionsSection),
    dials: sectionOf(peer, DialsSection),
    refusals: sectionOf(peer, RefusalsSection),
    streams: sectionOf(peer, StreamsSection),
    catalog: sectionOf(peer, CatalogSection),
  };
  const held = peer?.sections.get(NodeSection.name);
  const known = Object.entries(told).filter(([, value]) => value !== undefined);
  const readAt = held === undefined ? {} : { readAt: held.at };
  return { peer: id, ...readAt, ...Object.fromEntries(known) };
}
