import { CatalogSection } from "@mosaik/discovery";
import { type GroupMembership, GroupsSection } from "@mosaik/groups";
import type { Infer, PeerId } from "@mosaik/primitives";
import { type CollectionInsight, StoresSection } from "@mosaik/store";
import { type Side, StreamsSection } from "@mosaik/streams";
import {
  ConnectionsSection,
  DialsSection,
  type Inspection,
  NodeSection,
  RefusalsSection,
  RelaySection,
} from "@mosaik/transport";

/** All that a node says of itself which a question about the network needs. */
export type WholeSide = Side & {
  readonly groups?: Readonly<Record<string, GroupMembership>>;
  readonly stores?: Readonly<Record<string, CollectionInsight>>;
  /** What it does as a relay, where it is one. */
  readonly relay?: Infer<typeof RelaySection.value>;
};

/** Reads it. Sections that a node does not have are left out. */
export async function readSide(inspection: Inspection, signal: AbortSignal): Promise<WholeSide> {
  const part = async <Name extends string, Value>(
    name: Name,
    section: { readonly name: string },
    read: () => Promise<Value>,
  ): Promise<{ readonly [N in Name]?: Value }> => {
    if (!inspection.sections.has(section.name)) return {};
    return { [name]: await read() } as { readonly [N in Name]?: Value }; // the one name
  };
  const before = Date.now();
  const node = await inspection.read(NodeSection, { signal });
  const readAt = (before + Date.now()) / 2;
  const options = { signal };
  const parts = await Promise.all([
    part("connections", ConnectionsSection, () => inspection.read(ConnectionsSection, options)),
    part("dials", DialsSection, () => inspection.read(DialsSection, options)),
    part("refusals", RefusalsSection, () => inspection.read(RefusalsSection, options)),
    part("catalog", CatalogSection, () => inspection.read(CatalogSection, options)),
    part("streams", StreamsSection, () => inspection.read(StreamsSection, options)),
    part("groups", GroupsSection, () => inspection.read(GroupsSection, options)),
    part("relay", RelaySection, () => inspection.read(RelaySection, options)),
    part("stores", StoresSection, () => inspection.read(StoresSection, options)),
  ]);
  return Object.assign({ peer: inspection.peer, node, readAt }, ...parts);
}

/** What is known of a peer that does not let us look. */
export function silentSide(peer: PeerId): WholeSide {
  return { peer };
}
