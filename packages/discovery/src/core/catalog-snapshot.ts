import type { Digest, PeerId } from "@mosaik/primitives";
import type { Catalog, PeerEntry } from "../discovery.ts";
import { ImmutableMap } from "./immutable-map.ts";

/** An immutable {@link Catalog}; the next one shares with it whatever did not change. */
export class CatalogSnapshot implements Catalog {
  readonly me: PeerEntry;
  readonly peers: ImmutableMap<PeerId, PeerEntry>;
  /** Who offers an id of a kind, in ascending order. */
  readonly #offers: ImmutableMap<string, readonly PeerId[]>;

  private constructor(
    me: PeerEntry,
    peers: ImmutableMap<PeerId, PeerEntry>,
    offers: ImmutableMap<string, readonly PeerId[]>,
  ) {
    this.me = me;
    this.peers = peers;
    this.#offers = offers;
  }

  /** The catalog of a node that knows only itself. */
  static of(me: PeerEntry): CatalogSnapshot {
    return new CatalogSnapshot(me, ImmutableMap.empty(), ImmutableMap.empty());
  }

  offering(kind: string, id: Digest): readonly PeerEntry[] {
    const peers = this.#offers.get(offerKey(kind, id)) ?? [];
    return peers.flatMap((peer) => this.peers.get(peer) ?? []);
  }

  /** This catalog with another entry of the local peer. */
  withMe(me: PeerEntry): CatalogSnapshot {
    return new CatalogSnapshot(me, this.peers, this.#offers);
  }

  /** This catalog with an entry in place of any that it has of the peer. */
  with(entry: PeerEntry): CatalogSnapshot {
    const { peer } = entry;
    const before = offerKeys(this.peers.get(peer));
    const after = offerKeys(entry);
    let offers = this.#offers;
    for (const key of before) if (!after.has(key)) offers = withdrawn(offers, key, peer);
    for (const key of after) {
      if (!before.has(key)) offers = offers.with(key, inserted(offers.get(key) ?? [], peer));
    }
    return new CatalogSnapshot(this.me, this.peers.with(peer, entry), offers);
  }

  /** This catalog without a peer. */
  without(peer: PeerId): CatalogSnapshot {
    let offers = this.#offers;
    for (const key of offerKeys(this.peers.get(peer))) offers = withdrawn(offers, key, peer);
    return new CatalogSnapshot(this.me, this.peers.without(peer), offers);
  }
}

function offerKey(kind: string, id: Digest): string {
  return `${id} ${kind}`;
}

function offerKeys(entry: PeerEntry | undefined): Set<string> {
  const keys = new Set<string>();
  for (const [kind, ids] of entry?.offers ?? []) for (const id of ids) keys.add(offerKey(kind, id));
  return keys;
}

function inserted(peers: readonly PeerId[], peer: PeerId): readonly PeerId[] {
  return [...peers, peer].sort();
}

function withdrawn(
  offers: ImmutableMap<string, readonly PeerId[]>,
  key: string,
  peer: PeerId,
): ImmutableMap<string, readonly PeerId[]> {
  const left = (offers.get(key) ?? []).filter((other) => other !== peer);
  return left.length === 0 ? offers.without(key) : offers.with(key, left);
}
