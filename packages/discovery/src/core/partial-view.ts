import { type PeerId, type Random, randomInteger, sample } from "@mosaik/primitives";
import { viewLimits } from "../config.ts";
import { backoffMs } from "./backoff.ts";

/** How badly a node wants a neighbour: `high` where it has none. */
export type Priority = "high" | "low";

/** The answer to a request for a place. */
export type Answer =
  | {
      readonly accept: true;
      /** The link that we have or asked for with the same peer gives way. */
      readonly replaces: boolean;
      /** The neighbour that gives way, if one must. */
      readonly evicted: PeerId | undefined;
    }
  | { readonly accept: false; readonly reason: "full" | "duplicate" | "banned" };

interface Place {
  readonly state: "requested" | "neighbour";
  readonly ours: boolean;
  readonly sinceMs: number;
}

interface Grudge {
  readonly failures: number;
  readonly untilMs: number;
  readonly isBan: boolean;
}

/** Peers that refused us, remembered at a time. */
const grudgesMax = 1_024;

/**
 * Decides who the neighbours are: few, symmetric, random. After HyParView (Leitao, Pereira,
 * Rodrigues, DSN 2007, section 4). Its passive view is the catalog here, which every node has whole
 * and fresh; so a newcomer picks its neighbours itself, and neither forwarded joins nor shuffles are
 * needed.
 *
 * Invariants:
 * 1. There are never more places than `neighboursMax`, those of requests under way included.
 * 2. A node that has no neighbour is accepted by everybody who has not banned it.
 * 3. Of two links that two peers open to each other at the same time, both keep the one that the
 *    peer with the smaller id opened.
 */
export class PartialView {
  readonly #me: PeerId;
  readonly #random: Random;
  readonly #places = new Map<PeerId, Place>();
  readonly #grudges = new Map<PeerId, Grudge>();

  constructor(init: { readonly me: PeerId; readonly random: Random }) {
    this.#me = init.me;
    this.#random = init.random;
  }

  /** The neighbours, in ascending order. */
  get neighbours(): PeerId[] {
    const peers: PeerId[] = [];
    for (const [peer, { state }] of this.#places) if (state === "neighbour") peers.push(peer);
    return peers.sort();
  }

  /** Whether a peer is a neighbour. */
  isNeighbour(peer: PeerId): boolean {
    return this.#places.get(peer)?.state === "neighbour";
  }

  /** Whether a peer broke the rules lately. */
  isBanned(peer: PeerId, nowMs: number): boolean {
    const grudge = this.#grudges.get(peer);
    return grudge?.isBan === true && grudge.untilMs > nowMs;
  }

  /** Picks whom to ask for a place now, among those who are known; each then has a place. */
  pick(
    candidates: Iterable<PeerId>,
    nowMs: number,
  ): { readonly peers: readonly PeerId[]; readonly priority: Priority } {
    const neighbours = this.neighbours.length;
    const requested = this.#places.size - neighbours;
    const wanted = Math.min(
      viewLimits.neighboursTarget - this.#places.size,
      viewLimits.pendingMax - requested,
    );
    const priority = neighbours === 0 ? "high" : "low";
    if (wanted <= 0) return { peers: [], priority };
    const open = [...candidates].filter(
      (peer) => !this.#places.has(peer) && (this.#grudges.get(peer)?.untilMs ?? 0) <= nowMs,
    );
    const peers = sample(this.#random, open, wanted);
    for (const peer of peers) {
      this.#places.set(peer, { state: "requested", ours: true, sinceMs: nowMs });
    }
    return { peers, priority };
  }

  /** Decides on the request of a peer; where it is accepted, the peer is a neighbour from now on. */
  answer(peer: PeerId, priority: Priority, nowMs: number): Answer {
    if (this.isBanned(peer, nowMs)) return { accept: false, reason: "banned" };
    const place = this.#places.get(peer);
    if (place !== undefined) {
      if (this.#keepsOurs(peer, place, nowMs)) return { accept: false, reason: "duplicate" };
      this.#settle(peer, false, nowMs);
      return { accept: true, replaces: true, evicted: undefined };
    }
    const evicted = this.#places.size >= viewLimits.neighboursMax ? this.#anyone() : undefined;
    if (evicted !== undefined) {
      if (priority === "low") return { accept: false, reason: "full" };
      this.#places.delete(evicted);
    }
    this.#settle(peer, false, nowMs);
    return { accept: true, replaces: false, evicted };
  }

  /** A request of ours was accepted. */
  welcomed(peer: PeerId, nowMs: number): void {
    this.#settle(peer, true, nowMs);
  }

  /** A request of ours was refused or failed: another is asked, this one not before long. */
  refused(peer: PeerId, nowMs: number): void {
    this.#places.delete(peer);
    const failures = (this.#grudges.get(peer)?.failures ?? 0) + 1;
    const { refusedBackoffMs: firstMs, refusedBackoffMaxMs: maxMs } = viewLimits;
    const untilMs = nowMs + backoffMs(failures, { firstMs, maxMs }, this.#random);
    this.#hold(peer, { failures, untilMs, isBan: false });
  }

  /** A neighbour went; nothing is held against it. */
  left(peer: PeerId): void {
    this.#places.delete(peer);
  }

  /** A peer broke the rules: it loses its place and gets none for a while. */
  ban(peer: PeerId, nowMs: number): void {
    this.#places.delete(peer);
    this.#hold(peer, { failures: 1, untilMs: nowMs + viewLimits.bannedMs, isBan: true });
  }

  /** A peer began a new life: it may be asked at once. */
  forgive(peer: PeerId): void {
    if (this.#grudges.get(peer)?.isBan === false) this.#grudges.delete(peer);
  }

  #keepsOurs(peer: PeerId, place: Place, nowMs: number): boolean {
    const isRecent =
      place.state === "requested" || nowMs - place.sinceMs < viewLimits.requestTimeoutMs;
    return place.ours && isRecent && this.#me < peer;
  }

  #settle(peer: PeerId, ours: boolean, nowMs: number): void {
    this.#places.set(peer, { state: "neighbour", ours, sinceMs: nowMs });
    this.forgive(peer);
  }

  #anyone(): PeerId | undefined {
    const { neighbours } = this;
    if (neighbours.length === 0) return undefined;
    return neighbours[randomInteger(this.#random, 0, neighbours.length - 1)];
  }

  #hold(peer: PeerId, grudge: Grudge): void {
    this.#grudges.delete(peer);
    const [oldest] = this.#grudges.keys();
    if (this.#grudges.size >= grudgesMax && oldest !== undefined) this.#grudges.delete(oldest);
    this.#grudges.set(peer, grudge);
  }
}
