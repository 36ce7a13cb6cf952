import type { PeerId } from "@mosaik/primitives";
import type { SourceSummary } from "./history.ts";

/** A keeper that has something, and what. */
export interface Holder extends SourceSummary {
  readonly keeper: PeerId;
}

interface Keeper {
  /** When it was asked what it said last; `undefined` where it has not said anything yet. */
  askedAt: number | undefined;
  failed: boolean;
  readonly sources: Map<PeerId, Map<string, SourceSummary>>;
}

/**
 * What the keepers of a stream are known to have.
 *
 * Invariant: what a keeper said is replaced as a whole by what it says next.
 */
export class Known {
  readonly #keepers = new Map<PeerId, Keeper>();

  /** How many keepers there are. */
  get size(): number {
    return this.#keepers.size;
  }

  /** Who they are. */
  get keepers(): PeerId[] {
    return [...this.#keepers.keys()];
  }

  /** Sets which keepers there are. Returns whether some are new. */
  set(keepers: ReadonlySet<PeerId>): boolean {
    for (const peer of this.#keepers.keys()) if (!keepers.has(peer)) this.#keepers.delete(peer);
    const kept = this.#keepers.size;
    for (const peer of keepers) {
      if (this.#keepers.has(peer)) continue;
      this.#keepers.set(peer, { askedAt: undefined, failed: false, sources: new Map() });
    }
    return this.#keepers.size > kept;
  }

  /** A keeper said what it has. */
  answered(peer: PeerId, askedAt: number, sources: readonly SourceSummary[]): void {
    const keeper = this.#keepers.get(peer);
    if (keeper === undefined) return;
    keeper.askedAt = askedAt;
    keeper.failed = false;
    keeper.sources.clear();
    for (const source of sources) {
      const runs = keeper.sources.get(source.producer) ?? new Map<string, SourceSummary>();
      runs.set(source.incarnation, source);
      keeper.sources.set(source.producer, runs);
    }
  }

  /** A keeper does not answer, or not any more: it has nothing until it does, and is the last then. */
  failed(peer: PeerId): void {
    const keeper = this.#keepers.get(peer);
    if (keeper === undefined) return;
    keeper.failed = true;
    keeper.askedAt = undefined;
    keeper.sources.clear();
    this.#keepers.delete(peer);
    this.#keepers.set(peer, keeper);
  }

  /** Whether every keeper said what it has when asked at that time or later. */
  isFresh(since: number): boolean {
    for (const { askedAt } of this.#keepers.values()) {
      if (askedAt === undefined || askedAt < since) return false;
    }
    return true;
  }

  /** The producers of which somebody has something. */
  get producers(): Set<PeerId> {
    const producers = new Set<PeerId>();
    for (const { sources } of this.#keepers.values()) {
      for (const producer of sources.keys()) producers.add(producer);
    }
    return producers;
  }

  /** The runs of a producer of which somebody has, or had, something, in their order. */
  incarnations(producer: PeerId): string[] {
    const found = new Set<string>();
    for (const { sources } of this.#keepers.values()) {
      for (const incarnation of sources.get(producer)?.keys() ?? []) found.add(incarnation);
    }
    return [...found].sort();
  }

  /** Who has, or had, something of a run of a producer; who failed last comes last. */
  holders(producer: PeerId, incarnation: string): Holder[] {
    const holders: Holder[] = [];
    for (const [keeper, { sources }] of this.#keepers) {
      const summary = sources.get(producer)?.get(incarnation);
      if (summary !== undefined) holders.push({ ...summary, keeper });
    }
    return holders;
  }
}
