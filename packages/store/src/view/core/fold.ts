import { encodeUtf8, type PeerId } from "@mosaik/primitives";
import type { Position } from "../../replay/core/position.ts";
import type { ReplayDelivery } from "../../replay/core/replay-inbox.ts";
import { keyBytesMax } from "../config.ts";
import type { ViewDefinition } from "../define-view.ts";
import { copyVersion, newEntries, type ViewState } from "./entries.ts";

/**
 * Folds the items of a stream into the entries of a view.
 *
 * Invariants:
 * 1. The version says exactly which items of each producer are in: all before it, but for those that
 *    are counted as missed.
 * 2. An item whose `key` or `reduce` throws changes nothing, and counts as in.
 */
export class Fold<Item, Value> {
  readonly #definition: ViewDefinition<Item, Value>;
  readonly #onError: (error: unknown) => void;
  #entries = newEntries<Value>();
  #version = new Map<PeerId, { incarnation: string; sequence: number }>();
  #missed = 0;
  #changed = new Set<string>();

  constructor(definition: ViewDefinition<Item, Value>, onError: (error: unknown) => void) {
    this.#definition = definition;
    this.#onError = onError;
  }

  /** Goes on from a state. */
  restore({ entries, version, missed }: ViewState<Value>): void {
    this.#entries = entries.clone();
    this.#version = new Map([...version].map(([producer, offset]) => [producer, { ...offset }]));
    this.#missed = missed;
  }

  /** Items that are known to be missing in it. */
  get missed(): number {
    return this.#missed;
  }

  /** How far it is; changes. */
  get version(): Position {
    return this.#version;
  }

  /** What it is now; stays as it is. */
  snapshot(): ViewState<Value> {
    const entries = this.#entries.clone();
    return { entries, version: copyVersion(this.#version), missed: this.#missed };
  }

  /** The keys that changed since this was asked last. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Takes an item or a gap; what is in already changes nothing. */
  take(delivery: ReplayDelivery<Item>): void {
    if (delivery.kind === "greeting") return;
    const { producer, incarnation } = delivery;
    const first = this.#firstNew(producer, incarnation);
    if (delivery.kind === "gap") {
      const { from, to = from } = delivery;
      if (to < first) return;
      this.#missed += Math.max(0, to - Math.max(from, first));
      return this.#at(producer, incarnation, to);
    }
    const { sequence, item } = delivery;
    if (sequence < first) return;
    try {
      this.#reduce(item, { producer, incarnation, sequence });
    } catch (error) {
      this.#onError(error);
    }
    this.#at(producer, incarnation, sequence + 1);
  }

  #reduce(item: Item, context: { producer: PeerId; incarnation: string; sequence: number }): void {
    const { key: keyOf, initial, reduce } = this.#definition;
    const key = keyOf(item, context);
    if (key === undefined) return;
    if (key.length * 3 > keyBytesMax && encodeUtf8(key).byteLength > keyBytesMax) {
      throw new RangeError(`a key has at most ${keyBytesMax} bytes`);
    }
    const before = this.#entries.get(key) ?? initial(key);
    const after = reduce(before, item, context);
    if (after === undefined) this.#entries.delete(key);
    else this.#entries.set(key, after);
    this.#changed.add(key);
  }

  /** The first item of a run that is not in; of a run before the present one all are. */
  #firstNew(producer: PeerId, incarnation: string): number {
    const place = this.#version.get(producer);
    if (place === undefined || place.incarnation < incarnation) return 0;
    return place.incarnation === incarnation ? place.sequence : Number.POSITIVE_INFINITY;
  }

  #at(producer: PeerId, incarnation: string, sequence: number): void {
    const place = this.#version.get(producer);
    if (place === undefined) this.#version.set(producer, { incarnation, sequence });
    else {
      place.incarnation = incarnation;
      place.sequence = sequence;
    }
  }
}
