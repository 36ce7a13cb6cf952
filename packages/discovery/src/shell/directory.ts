import {
  equalBytes,
  fail,
  ok,
  type PeerId,
  type Result,
  type Watch,
  WatchSource,
} from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import type { DiscoveryOptions } from "../config.ts";
import { CatalogCore, type MergeOutcome, type Moment } from "../core/catalog.ts";
import type { EntryId } from "../core/entry-id.ts";
import { OwnEntry } from "../core/own-entry.ts";
import { claimedSigner, openEntry, type SignedEntry, signEntry } from "../core/peer-entry.ts";
import type { SyncSource } from "../core/sync-session.ts";
import type { Catalog, DiscoveryEvent, PeerEntry } from "../discovery.ts";
import type { DiscoveryErrorCode } from "../errors.ts";
import { discoveryMetrics } from "../metrics.ts";

/** What became of signed bytes that came in. */
export interface Ingested {
  /** What they are about, where that is known. */
  readonly id: EntryId | undefined;
  /** `own`: an entry of the local peer, which is not merged. */
  readonly outcome: "new" | "duplicate" | "contested" | "own" | "forged" | "refused";
  /** What was merged, or why nothing was. */
  readonly result: Result<PeerEntry, DiscoveryErrorCode>;
}

/** What the directory tells the rest of the service. */
export interface DirectoryListener {
  /** What the local peer says of itself changed, and is to be announced. */
  changed(): void;
  /** A newer entry of the local peer was met: of an earlier life, or of a twin. */
  outdone(): void;
  /** Something happened to a peer. */
  event(event: DiscoveryEvent): void;
}

/**
 * The owner of the catalog and of the local entry: everything that changes either goes through here,
 * is shown in the watched catalog first, and then reported.
 */
export class Directory implements SyncSource {
  readonly #context: ServiceContext;
  readonly #listener: DirectoryListener;
  readonly #core: CatalogCore;
  readonly #own: OwnEntry;
  readonly #watch: WatchSource<Catalog>;
  /** Entries that were refused, by why. */
  readonly refused = new Map<DiscoveryErrorCode, number>();
  #signed: SignedEntry | undefined;

  /** @throws DiscoveryError where the tags that the user gave are no tags, or too many. */
  constructor(
    context: ServiceContext,
    options: Required<DiscoveryOptions>,
    listener: DirectoryListener,
  ) {
    this.#context = context;
    this.#listener = listener;
    this.#own = new OwnEntry({
      peer: context.peer,
      network: context.network,
      nowMs: context.clock.now(),
      tags: context.tags,
      addresses: context.addresses.value,
    });
    this.#core = new CatalogCore({
      network: context.network,
      me: this.#own.entry,
      purgeMs: options.purgeMs,
      driftMs: options.driftMs,
      peersMax: options.catalogPeersMax,
      isConnected: (peer) => context.connections.value.has(peer),
    });
    this.#watch = new WatchSource<Catalog>(this.#core.snapshot);
    this.sign();
  }

  get watch(): Watch<Catalog> {
    return this.#watch;
  }

  /** The catalog now. */
  get catalog(): Catalog {
    return this.#watch.value;
  }

  get summary(): SyncSource["summary"] {
    return this.#core.summary;
  }

  /** The local entry, signed. */
  get own(): Uint8Array {
    return this.sign().bytes;
  }

  /** The local peer's id and version, signed. */
  get ownId(): EntryId {
    const { peer, version } = this.sign().entry;
    return { peer, version };
  }

  bytesOf(peer: PeerId): Uint8Array | undefined {
    return peer === this.#context.peer ? this.own : this.#core.bytesOf(peer);
  }

  /** The newest version that is known of a peer, be it departed. */
  versionOf(peer: PeerId): EntryId["version"] | undefined {
    return this.#core.versionOf(peer);
  }

  /** The peers that are remembered as unreachable. */
  unreachable(): PeerId[] {
    return this.#core.unreachable();
  }

  /**
   * Whether each of the addresses is one of the local peer, or of one in the catalog. One would not
   * do: a loopback address is that of many.
   */
  areKnown(addresses: readonly string[]): boolean {
    const { me, peers } = this.catalog;
    const unknown = new Set(addresses.map((address) => address.replace(/\/p2p\/[^/]+$/, "")));
    for (const entry of [me, ...peers.values()]) {
      for (const address of entry.addresses) unknown.delete(address);
      if (unknown.size === 0) return true;
    }
    return false;
  }

  /** How long ago the newest sign of life of a peer came, ms. */
  ageMs(peer: PeerId): number {
    const now = this.#context.clock.monotonic();
    return now - (this.#core.heardAt(peer) ?? now);
  }

  /** The peers that were not heard of for `ms`. */
  silentFor(ms: number): PeerId[] {
    const since = this.#context.clock.monotonic() - ms;
    return [...this.catalog.peers.keys()].filter((peer) => (this.#core.heardAt(peer) ?? 0) < since);
  }

  /** Signs the local entry where it changed, or anew where a sign of life is wanted; after the goodbye nothing. */
  sign(options: { readonly anew?: boolean } = {}): SignedEntry {
    if (this.#signed?.gone === true) return this.#signed;
    if (this.#signed === undefined || this.#own.isFresh || options.anew === true) {
      const entry = this.#own.next(this.#context.clock.now());
      this.#signed = signEntry(entry, { identity: this.#context.identity, gone: false });
      this.#core.setOwn(this.#signed);
    }
    return this.#signed;
  }

  /** Signs the goodbye of the local peer. */
  signGoodbye(): SignedEntry {
    const entry = this.#own.next(this.#context.clock.now());
    this.#signed = signEntry(entry, { identity: this.#context.identity, gone: true });
    return this.#signed;
  }

  /** Changes the local entry; what `change` throws changes nothing. */
  change(change: (own: OwnEntry) => boolean): void {
    if (!change(this.#own)) return;
    this.#showMe();
    this.#listener.changed();
  }

  /** Somebody takes the local peer for gone as of a version: shows a newer one. */
  refute(version: EntryId["version"]): void {
    if (!this.#own.refute(version)) return;
    this.#context.log.info("somebody took this node for gone", { version });
    this.#showMe();
    this.#listener.changed();
  }

  /** Merges what came from `source`, then shows the result once. */
  ingest(all: readonly Uint8Array[], source: PeerId): Ingested[] {
    const events: DiscoveryEvent[] = [];
    const ingested = all.map((bytes) => this.#ingestOne(bytes, source, events));
    this.#report(events);
    return ingested;
  }

  /** A peer that was known at a version cannot be reached. Returns whether it is gone by that. */
  lose(peer: PeerId, version: EntryId["version"]): boolean {
    const known = this.#core.versionOf(peer);
    if (known?.epoch !== version.epoch || known.sequence !== version.sequence) return false;
    const event = this.#core.depart(peer, "unreachable", this.#moment());
    if (event === undefined) return false;
    this.#report([event]);
    return true;
  }

  /** A peer that was taken for unreachable was reached. */
  revive(peer: PeerId): void {
    this.#report(this.#core.revive(peer, this.#moment()));
  }

  /** Takes out what expired. */
  sweep(): void {
    const { events, forgotten } = this.#core.sweep(this.#moment());
    for (const peer of forgotten) {
      if (!this.catalog.peers.has(peer)) this.#context.setAddresses(peer, []);
    }
    this.#report(events);
  }

  /** Ends the watch. */
  close(): void {
    this.#watch.close();
  }

  #ingestOne(bytes: Uint8Array, source: PeerId, events: DiscoveryEvent[]): Ingested {
    const known = this.#duplicate(bytes);
    if (known !== undefined) return known;
    const opened = openEntry(Uint8Array.from(bytes), this.#context.ed25519);
    if (!opened.ok) return this.#refused(undefined, "forged", opened.error.code);
    const { entry } = opened.value;
    if (entry.peer === this.#context.peer) return this.#meet(entry);
    const merged = this.#core.merge(opened.value, source, this.#moment());
    if (merged.kind === "refused") return this.#refusedBy(merged, entry);
    events.push(...merged.events);
    return { id: idOf(entry), outcome: "new", result: ok(entry) };
  }

  /** What is held already needs no second look at its signature. */
  #duplicate(bytes: Uint8Array): Ingested | undefined {
    const signer = claimedSigner(bytes);
    const held = signer === undefined ? undefined : this.#core.bytesOf(signer);
    const version = signer === undefined ? undefined : this.#core.versionOf(signer);
    if (signer === undefined || held === undefined || version === undefined) return undefined;
    if (!equalBytes(held, bytes)) return undefined;
    const result = fail("DISCOVERY_ENTRY_STALE" as const);
    return { id: { peer: signer, version }, outcome: "duplicate", result };
  }

  #meet(entry: PeerEntry): Ingested {
    const { clock, log } = this.#context;
    if (this.#own.meet(entry, clock.now())) {
      log.warn("met a newer entry of this node: of an earlier life, or of a twin", {
        version: entry.version,
      });
      this.#showMe();
      this.#listener.outdone();
    }
    return this.#refused(idOf(entry), "own", "DISCOVERY_ENTRY_STALE");
  }

  #refusedBy(merged: Extract<MergeOutcome, { kind: "refused" }>, entry: PeerEntry): Ingested {
    const outcome = merged.contested ? "contested" : merged.duplicate ? "duplicate" : "refused";
    return this.#refused(idOf(entry), outcome, merged.code);
  }

  #refused(
    id: EntryId | undefined,
    outcome: Ingested["outcome"],
    code: DiscoveryErrorCode,
  ): Ingested {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    this.#context.meter.counter(discoveryMetrics.refused, code).add();
    return { id, outcome, result: fail(code) };
  }

  #showMe(): void {
    this.#core.showMe(this.#own.entry);
    this.#watch.set(this.#core.snapshot);
  }

  /** First the addresses, then the catalog, then what happened: each can rely on those before. */
  #report(events: readonly DiscoveryEvent[]): void {
    for (const event of events) {
      if (event.kind === "lagged") continue;
      const { peer, addresses } = event.entry;
      if (event.kind !== "departed") this.#context.setAddresses(peer, addresses);
      else if (event.reason !== "unreachable") this.#context.setAddresses(peer, []);
    }
    this.#watch.set(this.#core.snapshot);
    this.#context.meter.gauge(discoveryMetrics.peers).set(this.catalog.peers.size);
    for (const event of events) this.#listener.event(event);
  }

  #moment(): Moment {
    const { clock } = this.#context;
    return { wallMs: clock.now() + this.#own.clockBehindMs, monotonicMs: clock.monotonic() };
  }
}

function idOf({ peer, version }: PeerEntry): EntryId {
  return { peer, version };
}
