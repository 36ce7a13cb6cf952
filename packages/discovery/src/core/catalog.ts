import { compareBytes, type NetworkId, type PeerId } from "@mosaik/primitives";
import type { DepartureReason, DiscoveryEvent, EntryVersion, PeerEntry } from "../discovery.ts";
import type { DiscoveryErrorCode } from "../errors.ts";
import { CatalogSnapshot } from "./catalog-snapshot.ts";
import { CatalogSummary } from "./catalog-summary.ts";
import { compareVersions } from "./entry-id.ts";
import { Introductions } from "./introductions.ts";
import { type SignedEntry, sameContent } from "./peer-entry.ts";

/** The time by both clocks, in milliseconds. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** What became of an entry that was merged. */
export type MergeOutcome =
  /** It is newer; without events it says nothing new. */
  | { readonly kind: "merged"; readonly events: readonly DiscoveryEvent[] }
  | {
      readonly kind: "refused";
      readonly code: DiscoveryErrorCode;
      /** It is the very one that is held. */
      readonly duplicate: boolean;
      /** It is held by somebody while its peer was unreachable for us: worth another look. */
      readonly contested: boolean;
    };

/** What is held of a peer, living or departed. */
interface Held {
  /** What it last said that was new; what it says since is the same. */
  readonly entry: PeerEntry;
  readonly version: EntryVersion;
  /** The newest signed entry, or the goodbye. */
  readonly bytes: Uint8Array;
  /** When it is too old, monotonic milliseconds. */
  readonly expiresAtMs: number;
}

interface Living extends Held {
  readonly heardAtMs: number;
}

interface Departed extends Held {
  readonly reason: DepartureReason;
  readonly forgetAtMs: number;
}

/** What a catalog is made with. */
export interface CatalogInit {
  readonly network: NetworkId;
  readonly me: PeerEntry;
  readonly purgeMs: number;
  readonly driftMs: number;
  readonly peersMax: number;
  /** Whether a peer is connected, which proves that it lives: it is not evicted for another. */
  readonly isConnected: (peer: PeerId) => boolean;
}

/**
 * Decides what is known of the network: the newest signed word of each peer.
 *
 * Invariants:
 * 1. Merging is commutative, associative and idempotent: the newest version wins, of two entries of
 *    one version the one with the greater bytes. (Below the limit of peers, at one moment.)
 * 2. A departed peer comes back only by a newer version, or because it was reached. Departures are
 *    remembered for longer than entries of that version are acceptable.
 * 3. An entry from the future, from another network, or too old changes nothing.
 * 4. A snapshot is replaced only when some content changed; a repeated announcement shows nowhere.
 */
export class CatalogCore {
  readonly #init: CatalogInit;
  readonly #living = new Map<PeerId, Living>();
  readonly #departed = new Map<PeerId, Departed>();
  readonly #introductions = new Introductions();
  /** The versions that are held and may be passed on: the living, the local peer, the goodbyes. */
  readonly summary = new CatalogSummary();
  #ownBytes: Uint8Array | undefined;
  #snapshot: CatalogSnapshot;

  constructor(init: CatalogInit) {
    this.#init = init;
    this.#snapshot = CatalogSnapshot.of(init.me);
  }

  get snapshot(): CatalogSnapshot {
    return this.#snapshot;
  }

  /** The signed entry or goodbye of a peer that may be passed on. */
  bytesOf(peer: PeerId): Uint8Array | undefined {
    if (peer === this.#snapshot.me.peer) return this.#ownBytes;
    const departed = this.#departed.get(peer);
    if (departed?.reason === "goodbye") return departed.bytes;
    return this.#living.get(peer)?.bytes;
  }

  /** The newest version known of a peer, be it departed. */
  versionOf(peer: PeerId): EntryVersion | undefined {
    if (peer === this.#snapshot.me.peer) return this.#snapshot.me.version;
    return this.#held(peer)?.version;
  }

  /** When a living peer was last heard of, monotonic milliseconds. */
  heardAt(peer: PeerId): number | undefined {
    return this.#living.get(peer)?.heardAtMs;
  }

  /** The peers that are remembered as unreachable. */
  unreachable(): PeerId[] {
    const peers: PeerId[] = [];
    for (const [peer, { reason }] of this.#departed) if (reason === "unreachable") peers.push(peer);
    return peers.sort();
  }

  /** Shows another entry of the local peer. */
  showMe(me: PeerEntry): void {
    this.#snapshot = this.#snapshot.withMe(me);
  }

  /** Sets what others are given of the local peer. */
  setOwn(signed: SignedEntry): void {
    this.#ownBytes = signed.bytes;
    this.summary.set(signed.entry.peer, signed.entry.version);
  }

  /** Merges what another peer signed, come from `source`. */
  merge(signed: SignedEntry, source: PeerId, now: Moment): MergeOutcome {
    const code = this.#refusal(signed, now);
    if (code !== undefined) return this.#refused(code, signed);
    return signed.gone ? this.#mergeGoodbye(signed, now) : this.#mergeEntry(signed, source, now);
  }

  /** Takes a living peer out, by our own judgement. */
  depart(peer: PeerId, reason: "unreachable" | "expired", now: Moment): DiscoveryEvent | undefined {
    const living = this.#living.get(peer);
    if (living === undefined) return undefined;
    this.#remove(peer);
    this.#remember(peer, { ...living, reason }, now);
    return { kind: "departed", entry: living.entry, reason };
  }

  /** Takes back that a peer is unreachable. */
  revive(peer: PeerId, now: Moment): readonly DiscoveryEvent[] {
    const departed = this.#departed.get(peer);
    if (departed?.reason !== "unreachable" || departed.expiresAtMs <= now.monotonicMs) return [];
    const evicted = this.#makeRoom(peer);
    if (evicted === "full") return [];
    this.#departed.delete(peer);
    this.#introductions.add(peer, peer);
    this.#store({ ...departed, heardAtMs: now.monotonicMs });
    this.#snapshot = this.#snapshot.with(departed.entry);
    return [...evicted, { kind: "discovered", entry: departed.entry }];
  }

  /** Takes out what expired and forgets departures that no entry could undo any more. */
  sweep(now: Moment): { readonly events: DiscoveryEvent[]; readonly forgotten: PeerId[] } {
    const events: DiscoveryEvent[] = [];
    const forgotten: PeerId[] = [];
    for (const [peer, { expiresAtMs }] of this.#living) {
      if (expiresAtMs > now.monotonicMs) continue;
      const event = this.depart(peer, "expired", now);
      if (event !== undefined) events.push(event);
    }
    for (const [peer, { forgetAtMs }] of this.#departed) {
      if (forgetAtMs > now.monotonicMs) continue;
      this.#forget(peer);
      forgotten.push(peer);
    }
    return { events, forgotten };
  }

  #refusal({ entry, bytes }: SignedEntry, now: Moment): DiscoveryErrorCode | undefined {
    const { network, driftMs, purgeMs } = this.#init;
    if (entry.network !== network) return "DISCOVERY_ENTRY_FOREIGN";
    const held = this.#held(entry.peer);
    if (held !== undefined) {
      const order = compareVersions(entry.version, held.version);
      if (order < 0) return "DISCOVERY_ENTRY_STALE";
      if (order === 0 && (this.#isOurJudgement(entry.peer) || compareBytes(bytes, held.bytes) <= 0))
        return "DISCOVERY_ENTRY_STALE";
    }
    if (entry.at > now.wallMs + driftMs) return "DISCOVERY_ENTRY_FUTURE";
    if (entry.at <= now.wallMs - purgeMs) return "DISCOVERY_ENTRY_EXPIRED";
    return undefined;
  }

  #refused(code: DiscoveryErrorCode, { entry, bytes }: SignedEntry): MergeOutcome {
    const held = this.#held(entry.peer);
    const same = held !== undefined && compareVersions(entry.version, held.version) === 0;
    const contested = same && this.#departed.get(entry.peer)?.reason === "unreachable";
    const duplicate = same && !contested && compareBytes(bytes, held.bytes) === 0;
    return { kind: "refused", code, duplicate, contested };
  }

  #mergeGoodbye(signed: SignedEntry, now: Moment): MergeOutcome {
    const { peer, version } = signed.entry;
    const living = this.#living.get(peer);
    const full = this.#departed.size >= this.#init.peersMax && !this.#departed.has(peer);
    if (living === undefined && full) return this.#refused("DISCOVERY_CATALOG_FULL", signed);
    this.#remove(peer);
    const { bytes } = signed;
    const entry = living?.entry ?? signed.entry;
    const expiresAtMs = now.monotonicMs;
    this.#remember(peer, { entry, version, bytes, expiresAtMs, reason: "goodbye" }, now);
    this.summary.set(peer, version);
    const events: DiscoveryEvent[] = [{ kind: "departed", entry, reason: "goodbye" }];
    return { kind: "merged", events: living === undefined ? [] : events };
  }

  #mergeEntry(signed: SignedEntry, source: PeerId, now: Moment): MergeOutcome {
    const { entry, bytes } = signed;
    const { peer, version } = entry;
    const before = this.#living.get(peer);
    const events = before === undefined ? this.#makeRoom(source) : [];
    if (events === "full") return this.#refused("DISCOVERY_CATALOG_FULL", signed);
    if (before === undefined) {
      this.#introductions.add(peer, source);
      this.#departed.delete(peer);
    }
    const ageMs = Math.max(0, now.wallMs - entry.at);
    const times = {
      expiresAtMs: now.monotonicMs + this.#init.purgeMs - ageMs,
      heardAtMs: now.monotonicMs,
    };
    if (before !== undefined && sameContent(before.entry, entry)) {
      this.#store({ entry: before.entry, version, bytes, ...times });
      return { kind: "merged", events };
    }
    this.#store({ entry, version, bytes, ...times });
    this.#snapshot = this.#snapshot.with(entry);
    const event: DiscoveryEvent =
      before === undefined
        ? { kind: "discovered", entry }
        : { kind: "updated", entry, before: before.entry };
    return { kind: "merged", events: [...events, event] };
  }

  /** Makes room for a peer that `source` introduces, if need be in place of another. */
  #makeRoom(source: PeerId): readonly DiscoveryEvent[] | "full" {
    if (this.#living.size < this.#init.peersMax) return [];
    const victim = this.#introductions.victim(source, (peer) => !this.#init.isConnected(peer));
    const living = victim === undefined ? undefined : this.#living.get(victim);
    if (victim === undefined || living === undefined) return "full";
    this.#remove(victim);
    return [{ kind: "departed", entry: living.entry, reason: "evicted" }];
  }

  #held(peer: PeerId): Held | undefined {
    return this.#living.get(peer) ?? this.#departed.get(peer);
  }

  /** Whether the peer is gone by our own judgement, not by its word. */
  #isOurJudgement(peer: PeerId): boolean {
    const reason = this.#departed.get(peer)?.reason;
    return reason !== undefined && reason !== "goodbye";
  }

  #store(living: Living): void {
    this.#living.set(living.entry.peer, living);
    this.summary.set(living.entry.peer, living.version);
  }

  #remove(peer: PeerId): void {
    if (!this.#living.delete(peer)) return;
    this.#introductions.delete(peer);
    this.summary.delete(peer);
    this.#snapshot = this.#snapshot.without(peer);
  }

  #remember(peer: PeerId, departed: Omit<Departed, "forgetAtMs">, now: Moment): void {
    const { purgeMs, driftMs, peersMax } = this.#init;
    this.#departed.delete(peer);
    const [oldest] = this.#departed.keys();
    if (this.#departed.size >= peersMax && oldest !== undefined) this.#forget(oldest);
    const forgetAtMs = now.monotonicMs + purgeMs + driftMs;
    this.#departed.set(peer, { ...departed, forgetAtMs });
  }

  #forget(peer: PeerId): void {
    if (this.#departed.delete(peer)) this.summary.delete(peer);
  }
}
