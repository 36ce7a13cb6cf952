import type { PeerId } from "@mosaik/primitives";
import { itemCost, nothing } from "@mosaik/streams";
import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import type { Frames } from "./frames.ts";
import type { Offset, Position } from "./position.ts";
import type { GapReason } from "./step.ts";

/** Items that are missing. */
export interface Gap {
  readonly incarnation: string;
  /** The number of the first. */
  readonly from: number;
  /** The number after the last; `undefined` where nobody knows. */
  readonly to: number | undefined;
  readonly reason: GapReason;
}

/** Something that reached a reader of a stream and its history. */
export type ReplayDelivery<Item> =
  | {
      readonly kind: "item";
      readonly item: Item;
      readonly producer: PeerId;
      readonly incarnation: string;
      /** Counts the items of that run of the producer, from 0. */
      readonly sequence: number;
    }
  /**
   * Part of what the producer gives a newcomer first. `isFirst`: forget what came of it before, the
   * greeting begins (anew).
   */
  | {
      readonly kind: "greeting";
      readonly item: Item;
      readonly producer: PeerId;
      readonly isFirst: boolean;
    }
  /** Items of the producer that will not come: exactly those. */
  | ({ readonly kind: "gap"; readonly producer: PeerId } & Gap);

/** Where items in the inbox came from. */
export interface Origin {
  readonly producer: PeerId;
  /** `undefined`: they are a greeting. */
  readonly incarnation: string | undefined;
  /** Of the first item; of a greeting, its place in that. */
  readonly sequence: number;
  /** Items of that cost were taken. */
  taken(cost: number): void;
}

type Entry =
  | { readonly origin: Origin; readonly frames: Uint8Array; at: number; left: number; next: number }
  | { readonly producer: PeerId; readonly gap: Gap };

/**
 * What was handed over and not taken yet: encoded until then.
 *
 * Invariants:
 * 1. Everything is taken in the order in which it was handed over, once.
 * 2. An item that does not decode becomes a gap of one in its place.
 */
export class ReplayInbox<Item> {
  readonly #decode: (bytes: Uint8Array) => Item;
  readonly #onUnreadable: (producer: PeerId, error: unknown) => void;
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #items = 0;

  constructor(
    decode: (bytes: Uint8Array) => Item,
    onUnreadable: (producer: PeerId, error: unknown) => void,
  ) {
    this.#decode = decode;
    this.#onUnreadable = onUnreadable;
  }

  /** How many items wait. */
  get items(): number {
    return this.#items;
  }

  get empty(): boolean {
    return this.#head === this.#entries.length;
  }

  /** Adds items. */
  push(origin: Origin, { frames, items }: Frames): void {
    this.#items += items;
    this.#entries.push({ origin, frames, at: 0, left: items, next: origin.sequence });
  }

  /** Adds a gap. */
  pushGap(producer: PeerId, gap: Gap): void {
    this.#entries.push({ producer, gap });
  }

  /** Where each producer's first item is that was not taken; of the others, what `next` says. */
  position(next: Position): Position {
    const position = new Map(next);
    const seen = new Set<PeerId>();
    for (let index = this.#head; index < this.#entries.length; index++) {
      const entry = this.#entries[index];
      if (entry === undefined) continue;
      const producer = "gap" in entry ? entry.producer : entry.origin.producer;
      if (seen.has(producer)) continue;
      seen.add(producer);
      const place = placeOf(entry);
      if (place === undefined) position.delete(producer);
      else position.set(producer, place);
    }
    return position;
  }

  /** Takes the next item, passing over gaps. */
  take(): Item | typeof nothing {
    for (;;) {
      const delivery = this.takeDelivery();
      if (delivery === undefined) return nothing;
      if (delivery.kind !== "gap") return delivery.item;
    }
  }

  /** Takes up to `max` items, passing over gaps. */
  takeBatch(max: number): Item[] {
    const batch: Item[] = [];
    while (batch.length < max) {
      const entry = this.#entries[this.#head];
      if (entry === undefined) break;
      if ("gap" in entry) this.#leave();
      else {
        const item = this.#takeFrom(entry);
        if (!(item instanceof Unreadable)) batch.push(item);
      }
    }
    return batch;
  }

  /** Takes the next item or gap. */
  takeDelivery(): ReplayDelivery<Item> | undefined {
    const entry = this.#entries[this.#head];
    if (entry === undefined) return undefined;
    if ("gap" in entry) {
      this.#leave();
      return { kind: "gap", producer: entry.producer, ...entry.gap };
    }
    const { producer, incarnation } = entry.origin;
    const sequence = entry.next;
    const item = this.#takeFrom(entry);
    if (item instanceof Unreadable) {
      const lost = { incarnation: incarnation ?? "", from: sequence, to: sequence + 1 };
      return { kind: "gap", producer, ...lost, reason: "unreadable" };
    }
    if (incarnation !== undefined) return { kind: "item", item, producer, incarnation, sequence };
    return { kind: "greeting", item, producer, isFirst: sequence === 0 };
  }

  #takeFrom(entry: Extract<Entry, { left: number }>): Item | Unreadable {
    const { frames, origin } = entry;
    const start = entry.at + frameHeaderBytes;
    const length = frameLength(frames, entry.at);
    entry.at = start + length;
    entry.next++;
    entry.left--;
    this.#items--;
    if (entry.left === 0) this.#leave();
    origin.taken(itemCost(length));
    try {
      // A plain view: half the cost of the `subarray` of a Node Buffer.
      return this.#decode(new Uint8Array(frames.buffer, frames.byteOffset + start, length));
    } catch (error) {
      this.#onUnreadable(origin.producer, error);
      return unreadable;
    }
  }

  #leave(): void {
    this.#entries[this.#head++] = undefined;
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
    } else if (this.#head > 64 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** What an item that does not decode is taken as: items may be of any other value. */
class Unreadable {}

const unreadable = new Unreadable();

function placeOf(entry: Entry): Offset | undefined {
  if ("gap" in entry) {
    return { incarnation: entry.gap.incarnation, sequence: entry.gap.from };
  }
  const { incarnation } = entry.origin;
  return incarnation === undefined ? undefined : { incarnation, sequence: entry.next };
}
