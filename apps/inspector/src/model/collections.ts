import { type CollectionInsight, StoresSection } from "@mosaik/store";
import { type Snapshot, sectionOf } from "./snapshot.ts";

/** A collection of the network, and its copies by peer. */
export interface Collection {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly copies: ReadonlyMap<string, CollectionInsight>;
  /** Copies at one version that differ: one of them went wrong. */
  readonly diverged: boolean;
  /** The newest version that any copy has, and how many items it has. */
  readonly version: number;
  readonly size: number;
}

/** The collections of the network, as those that let us look say. */
export function collectionsOf(snapshot: Snapshot): Collection[] {
  const found = new Map<string, Map<string, CollectionInsight>>();
  for (const peer of snapshot.peers.values()) {
    for (const [id, told] of Object.entries(sectionOf(peer, StoresSection) ?? {})) {
      const copies = found.get(id) ?? new Map<string, CollectionInsight>();
      found.set(id, copies.set(peer.id, told));
    }
  }
  const all = [...found].map(([id, copies]) => collectionOf(id, copies));
  return all.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function collectionOf(id: string, copies: ReadonlyMap<string, CollectionInsight>): Collection {
  const all = [...copies.values()];
  const newest = all.reduce(
    (best, copy) => (copy.version > best.version ? copy : best),
    all[0] ?? none,
  );
  const hashes = new Map<number, string>();
  let diverged = false;
  for (const { version, hash } of all) {
    const known = hashes.get(version);
    if (known !== undefined && known !== hash) diverged = true;
    hashes.set(version, hash);
  }
  const { name, kind, group, version, size } = newest;
  return { id, name, kind, group, copies, diverged, version, size };
}

const none = { name: "", kind: "", group: "", version: 0, size: 0 } as CollectionInsight; // never the newest
