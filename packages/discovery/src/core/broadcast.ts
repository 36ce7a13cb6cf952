import type { PeerId } from "@mosaik/primitives";
import { gossipLimits } from "../config.ts";
import type { EntryVersion } from "../discovery.ts";
import { compareVersions, type EntryId } from "./entry-id.ts";

/** What to do for the broadcast. */
export type BroadcastEffect =
  /** Send the newest signed entry of `peer`. */
  | { readonly kind: "push"; readonly to: PeerId; readonly peer: PeerId }
  | { readonly kind: "have"; readonly to: PeerId; readonly ids: readonly EntryId[] }
  | { readonly kind: "graft"; readonly to: PeerId; readonly ids: readonly EntryId[] }
  | { readonly kind: "prune"; readonly to: PeerId };

interface Neighbour {
  /** Whether entries go to it at once, or only their ids. */
  isEager: boolean;
  /** Ids to tell it, by peer: of each only the newest. */
  readonly untold: Map<PeerId, EntryVersion>;
}

interface Missing {
  readonly version: EntryVersion;
  /** Who told us of it, first one first. */
  readonly tellers: PeerId[];
  dueAtMs: number;
}

/**
 * Decides whom an entry is passed on to. After Plumtree (Leitao, Pereira, Rodrigues, SRDS 2007,
 * section 3): entries flow at once along a tree, their ids beside it, and an id whose entry does not
 * come mends the tree. The newest entry of a peer stands for all of its older ones, so the catalog is
 * the only store.
 *
 * Invariants:
 * 1. On a connected graph of neighbours that lose nothing, every entry reaches everybody.
 * 2. An entry is never sent back to whom it came from, and an id at most once to a neighbour.
 * 3. What is remembered is bounded: `missingMax` ids, and per neighbour one id for each peer.
 */
export class Broadcast {
  readonly #neighbours = new Map<PeerId, Neighbour>();
  readonly #missing = new Map<PeerId, Missing>();
  /** When untold ids, and when missing entries, are due at the earliest; `Infinity` for never. */
  #tellAtMs = Number.POSITIVE_INFINITY;
  #graftAtMs = Number.POSITIVE_INFINITY;

  /** When `tick` is due, monotonic milliseconds; `undefined` while nothing waits. */
  get dueAtMs(): number | undefined {
    const dueAtMs = Math.min(this.#tellAtMs, this.#graftAtMs);
    return Number.isFinite(dueAtMs) ? dueAtMs : undefined;
  }

  /** A neighbour came. */
  neighbourUp(peer: PeerId): void {
    this.#neighbours.set(peer, { isEager: true, untold: new Map() });
  }

  /** A neighbour went. */
  neighbourDown(peer: PeerId): void {
    this.#neighbours.delete(peer);
    for (const [missed, { tellers }] of this.#missing) {
      const index = tellers.indexOf(peer);
      if (index >= 0) tellers.splice(index, 1);
      if (tellers.length === 0) this.#missing.delete(missed);
    }
  }

  /** The local peer has a new entry. */
  published(id: EntryId, nowMs: number): BroadcastEffect[] {
    return this.#spread(id, undefined, nowMs);
  }

  /** An entry came from a neighbour, and is `new` to us or the very one that we have. */
  received(
    id: EntryId,
    from: PeerId,
    outcome: "new" | "duplicate",
    nowMs: number,
  ): BroadcastEffect[] {
    const sender = this.#neighbours.get(from);
    if (outcome === "duplicate") {
      if (sender === undefined) return [];
      sender.isEager = false;
      return [{ kind: "prune", to: from }];
    }
    if (sender !== undefined) sender.isEager = true;
    this.#found(id);
    return this.#spread(id, from, nowMs);
  }

  /** An entry came by another way than gossip: who lacks it may ask for it. */
  learned(id: EntryId, from: PeerId, nowMs: number): void {
    this.#found(id);
    for (const [peer, { untold }] of this.#neighbours) {
      if (peer === from) continue;
      untold.set(id.peer, id.version);
      this.#tellAtMs = Math.min(this.#tellAtMs, nowMs + gossipLimits.learnedDelayMs);
    }
  }

  /** A neighbour has entries that we lack, of peers of which we know nothing where `areUnknown`. */
  lacking(ids: readonly EntryId[], from: PeerId, areUnknown: boolean, nowMs: number): void {
    if (!this.#neighbours.has(from)) return;
    for (const { peer, version } of ids) {
      const known = this.#missing.get(peer);
      const order = known === undefined ? 1 : compareVersions(version, known.version);
      if (known !== undefined && order === 0) {
        if (!known.tellers.includes(from)) known.tellers.push(from);
      } else if (
        order > 0 &&
        (known !== undefined || this.#missing.size < gossipLimits.missingMax)
      ) {
        const { graftAfterMs, graftUnknownAfterMs } = gossipLimits;
        const dueAtMs = known?.dueAtMs ?? nowMs + (areUnknown ? graftUnknownAfterMs : graftAfterMs);
        this.#missing.set(peer, { version, tellers: [from], dueAtMs });
        this.#graftAtMs = Math.min(this.#graftAtMs, dueAtMs);
      }
    }
  }

  /** A neighbour asks for entries, and for a place in the tree. */
  grafted(ids: readonly EntryId[], from: PeerId): BroadcastEffect[] {
    const neighbour = this.#neighbours.get(from);
    if (neighbour === undefined) return [];
    neighbour.isEager = true;
    return ids.map(({ peer }) => ({ kind: "push", to: from, peer }));
  }

  /** A neighbour asks to be left out of the tree. */
  pruned(from: PeerId): void {
    const neighbour = this.#neighbours.get(from);
    if (neighbour !== undefined) neighbour.isEager = false;
  }

  /** Tells a neighbour only the id, and later: for one that has no room for more. */
  defer(to: PeerId, id: EntryId, nowMs: number): void {
    this.#neighbours.get(to)?.untold.set(id.peer, id.version);
    this.#tellAtMs = Math.min(this.#tellAtMs, nowMs + gossipLimits.lazyDelayMs);
  }

  /** Does what is due. Those for whom `hasRoom` is false are told later. */
  tick(nowMs: number, hasRoom: (peer: PeerId) => boolean): BroadcastEffect[] {
    const effects = this.#graft(nowMs);
    if (this.#tellAtMs > nowMs) return effects;
    this.#tellAtMs = Number.POSITIVE_INFINITY;
    for (const [to, { untold }] of this.#neighbours) {
      if (untold.size === 0) continue;
      if (hasRoom(to)) {
        const ids = [...untold].map(([peer, version]) => ({ peer, version }));
        untold.clear();
        for (const part of parts(ids)) effects.push({ kind: "have", to, ids: part });
      } else this.#tellAtMs = nowMs + gossipLimits.lazyDelayMs;
    }
    return effects;
  }

  #spread(id: EntryId, from: PeerId | undefined, nowMs: number): BroadcastEffect[] {
    const effects: BroadcastEffect[] = [];
    for (const [to, { isEager, untold }] of this.#neighbours) {
      if (to === from) untold.delete(id.peer);
      else if (isEager) effects.push({ kind: "push", to, peer: id.peer });
      else this.defer(to, id, nowMs);
    }
    return effects;
  }

  #found({ peer, version }: EntryId): void {
    const missing = this.#missing.get(peer);
    if (missing !== undefined && compareVersions(missing.version, version) <= 0) {
      this.#missing.delete(peer);
    }
  }

  #graft(nowMs: number): BroadcastEffect[] {
    if (this.#graftAtMs > nowMs) return [];
    this.#graftAtMs = Number.POSITIVE_INFINITY;
    const wanted = new Map<PeerId, EntryId[]>();
    for (const [peer, missing] of this.#missing) {
      if (missing.dueAtMs <= nowMs) {
        const teller = missing.tellers.shift();
        if (teller === undefined) {
          this.#missing.delete(peer);
          continue;
        }
        missing.dueAtMs = nowMs + gossipLimits.graftRetryMs;
        const ids = wanted.get(teller) ?? [];
        if (ids.push({ peer, version: missing.version }) === 1) wanted.set(teller, ids);
      }
      this.#graftAtMs = Math.min(this.#graftAtMs, missing.dueAtMs);
    }
    return [...wanted].flatMap(([to, ids]) => {
      const neighbour = this.#neighbours.get(to);
      if (neighbour !== undefined) neighbour.isEager = true;
      return parts(ids).map((part) => ({ kind: "graft" as const, to, ids: part }));
    });
  }
}

function parts(ids: readonly EntryId[]): (readonly EntryId[])[] {
  const all: (readonly EntryId[])[] = [];
  for (let from = 0; from < ids.length; from += gossipLimits.idsMax) {
    all.push(ids.slice(from, from + gossipLimits.idsMax));
  }
  return all;
}
