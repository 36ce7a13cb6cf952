import type { Delivery } from "mosaik";

/** Items delivered, items announced as lost, items lost silently, items out of order. */
export interface AuditFigures {
  readonly items: number;
  readonly gaps: number;
  readonly lost: number;
  readonly disorder: number;
}

/**
 * Keeps account of what one consumer is given, producer by producer.
 *
 * Decides what is missing: each item must have the number after the last one, the announced gaps
 * counted in. One whose number is higher reveals items that were `lost` silently; one whose number
 * is not higher than the last is `disorder`, a repetition or a late one. Neither may ever happen.
 */
export class Audit {
  #items = 0;
  #gaps = 0;
  #lost = 0;
  #disorder = 0;
  /** The number that the next item of a producer must have; unknown after a gap of unknown size. */
  readonly #next = new Map<string, number>();

  /** Takes a delivery into account. */
  add(delivery: Delivery<unknown>): void {
    const next = this.#next.get(delivery.producer);
    if (delivery.kind === "gap") {
      if (delivery.count === undefined) this.#next.delete(delivery.producer);
      else {
        this.#gaps += delivery.count;
        if (next !== undefined) this.#next.set(delivery.producer, next + delivery.count);
      }
      return;
    }
    this.#items += 1;
    const expected = next ?? delivery.sequence;
    if (delivery.sequence > expected) this.#lost += delivery.sequence - expected;
    if (delivery.sequence < expected) this.#disorder += 1;
    this.#next.set(delivery.producer, Math.max(expected, delivery.sequence + 1));
  }

  /** The account so far. */
  get figures(): AuditFigures {
    return { items: this.#items, gaps: this.#gaps, lost: this.#lost, disorder: this.#disorder };
  }
}

/** Several accounts as one. */
export function sumOf(accounts: readonly AuditFigures[]): AuditFigures {
  return accounts.reduce(
    (sum, one) => ({
      items: sum.items + one.items,
      gaps: sum.gaps + one.gaps,
      lost: sum.lost + one.lost,
      disorder: sum.disorder + one.disorder,
    }),
    { items: 0, gaps: 0, lost: 0, disorder: 0 },
  );
}
