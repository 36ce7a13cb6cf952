import type { Catalog, Discovery, EntryVersion, PeerEntry, PeerInfo } from "@mosaik/discovery";
import {
  condition,
  type Digest,
  decodeUtf8,
  encodeUtf8,
  fail,
  MosaikError,
  ok,
  type PeerId,
  WatchSource,
} from "@mosaik/primitives";
import type { ServiceContext, ServiceFactory } from "@mosaik/transport";

/** All nodes of a test know each other at once through it, unless it is held. */
export class Directory {
  readonly #nodes = new Set<DirectoryDiscovery>();
  hold = false;

  discovery(): ServiceFactory<Discovery> {
    return { needs: [], create: (context) => new DirectoryDiscovery(context, this) };
  }
  join(node: DirectoryDiscovery): void {
    for (const other of this.#nodes) {
      if (this.hold) break;
      other.take(node.catalog.value.me);
      node.take(other.catalog.value.me);
    }
    this.#nodes.add(node);
  }
  publish(entry: PeerEntry): void {
    if (this.hold) return;
    for (const node of this.#nodes) node.take(entry);
  }
  leave(node: DirectoryDiscovery): void {
    this.#nodes.delete(node);
    for (const other of this.#nodes) other.drop(node.peer);
  }
}

class DirectoryDiscovery implements Discovery {
  readonly catalog: WatchSource<Catalog>;
  readonly peer: PeerId;
  readonly #context: ServiceContext;
  readonly #directory: Directory;
  readonly #offers = new Map<string, Map<Digest, number>>();
  readonly #tags: Set<string>;
  #version: EntryVersion;
  when = {
    discovered: ({ atLeast = 1 }: { readonly atLeast?: number } = {}) =>
      condition(this.catalog, (catalog) => catalog.peers.size >= atLeast),
  };
  constructor(context: ServiceContext, directory: Directory) {
    this.#context = context;
    this.#directory = directory;
    this.peer = context.peer;
    this.#tags = new Set(context.tags);
    this.#version = { epoch: context.clock.now(), sequence: 0 };
    this.catalog = new WatchSource(this.#catalog(new Map()));
    directory.join(this);
  }
  get signedEntry(): Uint8Array {
    return encodeEntry(this.catalog.value.me);
  }
  info(peer: PeerId): PeerInfo | undefined {
    const entry = this.catalog.value.peers.get(peer);
    return entry && { ...entry, rttMs: this.#context.connections.value.get(peer)?.rttMs };
  }
  async *events(): AsyncGenerator<never> {}
  offer(kind: string, id: Digest): Disposable {
    const ids = this.#offers.get(kind) ?? new Map<Digest, number>();
    this.#offers.set(kind, ids);
    ids.set(id, (ids.get(id) ?? 0) + 1);
    this.#changed();
    return {
      [Symbol.dispose]: () => {
        const left = (ids.get(id) ?? 0) - 1;
        if (left === 0) ids.delete(id);
        else ids.set(id, left);
        this.#changed();
      },
    };
  }
  addTags(...tags: readonly string[]): void {
    for (const tag of tags) this.#tags.add(tag);
    this.#changed();
  }
  removeTags(...tags: readonly string[]): void {
    for (const tag of tags) this.#tags.delete(tag);
    this.#changed();
  }
  addTicket(): Disposable {
    return { [Symbol.dispose]: () => {} };
  }
  feed(bytes: Uint8Array) {
    try {
      const entry = decodeEntry(bytes);
      return this.take(entry)
        ? ok(entry)
        : fail(new MosaikError("DISCOVERY_ENTRY_STALE" as const, "stale"));
    } catch (cause) {
      return fail(new MosaikError("DISCOVERY_ENTRY_MALFORMED" as const, "malformed", { cause }));
    }
  }
  async sync(): Promise<void> {}
  async close(): Promise<void> {
    this.#directory.leave(this);
  }
  take(entry: PeerEntry): boolean {
    if (entry.peer === this.peer) return false;
    const known = this.catalog.value.peers.get(entry.peer)?.version;
    if (
      known &&
      (known.epoch > entry.version.epoch ||
        (known.epoch === entry.version.epoch && known.sequence >= entry.version.sequence))
    )
      return false;
    this.#context.setAddresses(entry.peer, entry.addresses);
    this.catalog.set(this.#catalog(new Map(this.catalog.value.peers).set(entry.peer, entry)));
    return true;
  }
  drop(peer: PeerId): void {
    const peers = new Map(this.catalog.value.peers);
    peers.delete(peer);
    this.catalog.set(this.#catalog(peers));
  }
  #changed(): void {
    this.#version = { ...this.#version, sequence: this.#version.sequence + 1 };
    this.catalog.set(this.#catalog(this.catalog.value.peers));
    this.#directory.publish(this.catalog.value.me);
  }
  #catalog(peers: ReadonlyMap<PeerId, PeerEntry>): Catalog {
    const me: PeerEntry = {
      peer: this.peer,
      network: this.#context.network,
      version: this.#version,
      at: this.#context.clock.now(),
      addresses: this.#context.addresses.value,
      tags: new Set(this.#tags),
      offers: new Map([...this.#offers].map(([kind, ids]) => [kind, new Set(ids.keys())])),
      tickets: [],
    };
    return {
      peers,
      me,
      offering: (kind, id) => [...peers.values()].filter((peer) => peer.offers.get(kind)?.has(id)),
    };
  }
}

function encodeEntry(entry: PeerEntry): Uint8Array {
  const offers = [...entry.offers].map(([kind, ids]) => [kind, [...ids]]);
  return encodeUtf8(JSON.stringify({ ...entry, tags: [...entry.tags], offers }));
}

function decodeEntry(bytes: Uint8Array): PeerEntry {
  const plain = JSON.parse(decodeUtf8(bytes));
  const offers = plain.offers.map(([kind, ids]: [string, Digest[]]) => [kind, new Set(ids)]);
  return { ...plain, tags: new Set(plain.tags), offers: new Map(offers) };
}
