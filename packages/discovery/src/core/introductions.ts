import type { PeerId } from "@mosaik/primitives";

/**
 * Who introduced which peer, and so whose entries give way when the catalog is full.
 *
 * Invariant: whoever floods a full catalog with peers of its making displaces only what it brought
 * itself. A source with fewer peers than the largest one always gets in.
 */
export class Introductions {
  readonly #sourceOf = new Map<PeerId, PeerId>();
  readonly #broughtBy = new Map<PeerId, Set<PeerId>>();

  /** Notes that a peer came from `source`, the peer itself where it came in person. */
  add(peer: PeerId, source: PeerId): void {
    this.delete(peer);
    this.#sourceOf.set(peer, source);
    const brought = this.#broughtBy.get(source);
    if (brought === undefined) this.#broughtBy.set(source, new Set([peer]));
    else brought.add(peer);
  }

  /** Forgets a peer. */
  delete(peer: PeerId): void {
    const source = this.#sourceOf.get(peer);
    if (source === undefined) return;
    this.#sourceOf.delete(peer);
    const brought = this.#broughtBy.get(source);
    brought?.delete(peer);
    if (brought?.size === 0) this.#broughtBy.delete(source);
  }

  /**
   * The peer that gives way to one that `source` introduces: the longest known of those that
   * `mayGo`, from the source that brought the most. `undefined` where that is `source` itself.
   */
  victim(source: PeerId, mayGo: (peer: PeerId) => boolean): PeerId | undefined {
    let largest: Set<PeerId> | undefined;
    for (const brought of this.#broughtBy.values()) {
      if (brought.size > (largest?.size ?? 0)) largest = brought;
    }
    const own = this.#broughtBy.get(source)?.size ?? 0;
    if (largest === undefined || own >= largest.size) return undefined;
    for (const peer of largest) if (mayGo(peer)) return peer;
    return undefined;
  }
}
