import type { PeerId } from "@mosaik/primitives";
import { syncLimits } from "../config.ts";
import type { EntryVersion } from "../discovery.ts";
import type { SyncMessage } from "../wire.ts";
import { decodeSummary } from "./catalog-summary.ts";
import { compareVersions, decodeEntryIds, type EntryId, encodeEntryIds } from "./entry-id.ts";
import { bucketOf } from "./immutable-map.ts";

/** What a session reads of the catalog. */
export interface SyncSource {
  /** The signed entry of the local peer. */
  readonly own: Uint8Array;
  /** See `CatalogSummary`. */
  readonly summary: { encode(): Uint8Array; list(bucket: number): EntryId[] };
  /** The signed entry of a peer. */
  bytesOf(peer: PeerId): Uint8Array | undefined;
}

/** What follows from a message. */
export interface SyncStep {
  /** Signed entries to merge, unchecked. */
  readonly entries: readonly Uint8Array[];
  /** The version at which the other end takes us for gone. */
  readonly suspected?: EntryVersion;
  /** Why the session ends here, if it does: the other end broke the rules. */
  readonly refuse?: string;
}

const nothing: SyncStep = { entries: [] };

/**
 * One exchange between two catalogs: each side tells the digests of its buckets, lists what it holds
 * in those that differ, and sends what the other lacks. The two sides do the same, at the same time.
 *
 * Invariants:
 * 1. Once both sides are done, each was given all that the other held when it began and it lacked.
 * 2. Nothing is sent that the other listed in the same or a newer version.
 * 3. What the other sends is bounded: by the messages' sizes, their order, and `idsMax`.
 */
export class SyncSession {
  readonly #source: SyncSource;
  readonly #idsMax: number;
  readonly #suspected: EntryVersion | undefined;
  /** The message that the other end owes. */
  #owed: "hello" | "listing" | "entries" | "nothing" = "hello";
  readonly #outbox: SyncMessage[] = [];
  #ownDigests: ReadonlyMap<number, string> | undefined;
  /** What we hold in the buckets that both hold differently. */
  readonly #held = new Map<PeerId, EntryVersion>();
  readonly #differing = new Set<number>();
  #idsLeft: number;
  #entriesLeft: number;
  /** Whom the other end lacks; last is sent first. */
  readonly #lacking: PeerId[] = [];
  #sentLast = false;

  constructor(
    source: SyncSource,
    init: {
      readonly role: "opener" | "responder";
      /** Ids and entries in all that the other end may send. */
      readonly idsMax: number;
      /** Our belief that the other end is gone as of a version, if that is why we ask. */
      readonly suspected?: EntryVersion | undefined;
    },
  ) {
    this.#source = source;
    this.#idsMax = init.idsMax;
    this.#idsLeft = init.idsMax;
    this.#entriesLeft = init.idsMax;
    this.#suspected = init.suspected;
    if (init.role === "opener") this.#greet();
  }

  /** Whether both sides have sent all. */
  get done(): boolean {
    return this.#owed === "nothing" && this.#sentLast;
  }

  /** Whether the other end has answered at all. */
  get answered(): boolean {
    return this.#owed !== "hello";
  }

  /** Takes a message of the other end. */
  receive(message: SyncMessage): SyncStep {
    if (message.kind !== this.#owed) {
      return { entries: [], refuse: `${message.kind} where ${this.#owed} was due` };
    }
    switch (message.kind) {
      case "hello":
        return this.#compare(message);
      case "listing":
        return this.#mark(message);
      case "entries":
        return this.#take(message);
    }
  }

  /** The next message to send, `undefined` where there is none now. */
  next(): SyncMessage | undefined {
    const queued = this.#outbox.shift();
    if (queued !== undefined) return queued;
    const isListed = this.#owed === "entries" || this.#owed === "nothing";
    return isListed && !this.#sentLast ? this.#nextEntries() : undefined;
  }

  #greet(): void {
    const summary = this.#source.summary.encode();
    this.#ownDigests = decodeSummary(summary);
    const [epoch, sequence] = [this.#suspected?.epoch, this.#suspected?.sequence];
    this.#outbox.push({
      kind: "hello",
      entry: this.#source.own,
      summary,
      ...(epoch === undefined || sequence === undefined ? {} : { suspected: [epoch, sequence] }),
    });
  }

  #compare(hello: Extract<SyncMessage, { kind: "hello" }>): SyncStep {
    if (this.#ownDigests === undefined) this.#greet();
    const theirs = decodeSummary(hello.summary);
    const ids: EntryId[] = [];
    for (const [bucket, own] of this.#ownDigests ?? []) {
      const other = theirs.get(bucket);
      if (other === own) continue;
      const held = this.#source.summary.list(bucket);
      if (other === undefined) for (const { peer } of held) this.#lacking.push(peer);
      else {
        this.#differing.add(bucket);
        ids.push(...held);
      }
    }
    for (const { peer, version } of ids) this.#held.set(peer, version);
    this.#list(ids);
    this.#owed = "listing";
    const step = { entries: [hello.entry] };
    if (hello.suspected === undefined) return step;
    const [epoch, sequence] = hello.suspected;
    return { ...step, suspected: { epoch, sequence } };
  }

  #list(ids: readonly EntryId[]): void {
    let from = 0;
    do {
      const part = ids.slice(from, from + syncLimits.listingIdsMax);
      from += syncLimits.listingIdsMax;
      this.#outbox.push({
        kind: "listing",
        ids: encodeEntryIds(part),
        last: from >= ids.length,
      });
    } while (from < ids.length);
  }

  #mark(listing: Extract<SyncMessage, { kind: "listing" }>): SyncStep {
    const ids = decodeEntryIds(listing.ids);
    this.#idsLeft -= ids.length;
    if (this.#idsLeft < 0) return { entries: [], refuse: `more than ${this.#idsMax} ids` };
    for (const { peer, version } of ids) {
      if (!this.#differing.has(bucketOf(peer))) {
        return { entries: [], refuse: "an id of a bucket that does not differ" };
      }
      const held = this.#held.get(peer);
      if (held !== undefined && compareVersions(held, version) <= 0) this.#held.delete(peer);
    }
    if (listing.last) {
      this.#lacking.push(...this.#held.keys());
      this.#held.clear();
      this.#owed = "entries";
    }
    return nothing;
  }

  #take(message: Extract<SyncMessage, { kind: "entries" }>): SyncStep {
    this.#entriesLeft -= message.entries.length;
    if (this.#entriesLeft < 0) return { entries: [], refuse: `more than ${this.#idsMax} entries` };
    if (message.last) this.#owed = "nothing";
    return { entries: message.entries };
  }

  #nextEntries(): SyncMessage {
    const entries: Uint8Array[] = [];
    let bytes = 0;
    while (this.#lacking.length > 0 && entries.length < syncLimits.listingIdsMax) {
      const entry = this.#source.bytesOf(this.#lacking[this.#lacking.length - 1] as PeerId); // not empty
      if (bytes > 0 && bytes + (entry?.byteLength ?? 0) > syncLimits.entriesBytes) break;
      this.#lacking.pop();
      if (entry === undefined) continue;
      entries.push(entry);
      bytes += entry.byteLength;
    }
    this.#sentLast = this.#lacking.length === 0;
    return { kind: "entries", entries, last: this.#sentLast };
  }
}
