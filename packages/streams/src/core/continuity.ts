import { encodeHex } from "@mosaik/primitives";

/**
 * Where a consumer stands in the items of one producer, over any number of subscriptions.
 *
 * Invariants:
 * 1. Each item of an incarnation is counted once: as received, or in a gap.
 * 2. The position never goes back within an incarnation.
 */
export class Continuity {
  #incarnation: string | undefined;
  #position = 0;

  /** The sequence of the next item. */
  get position(): number {
    return this.#position;
  }

  /**
   * A subscription was accepted that begins at a sequence. Returns how many items were missed since
   * the last one, `unknown` where the producer began anew in between, `impossible` where it claims
   * to be behind what it sent.
   */
  begin(incarnation: Uint8Array, sequence: number): number | "unknown" | "impossible" {
    const name = encodeHex(incarnation);
    const before = this.#incarnation;
    const missed = sequence - this.#position;
    if (before === name && missed < 0) return "impossible";
    this.#incarnation = name;
    this.#position = sequence;
    if (before === undefined) return 0;
    return before === name ? missed : "unknown";
  }

  /** Counts items that arrived, or that will not. Returns the sequence of the first. */
  advance(items: number): number {
    const first = this.#position;
    this.#position += items;
    return first;
  }
}
