import { frameHeaderBytes } from "@mosaik/transport";
import { itemOverheadBytes, windowBytesMin } from "../config.ts";

/**
 * Credit-based flow control (after Kung and Chapman, 1993): how much a producer may have on the way
 * to, or waiting in, a consumer.
 *
 * Both ends count the same cost for an item: its bytes and 32 more. The consumer gives credit back
 * when the application took items, in lots of a quarter of the window.
 *
 * Invariants:
 * 1. Outstanding cost is never above the window, but for one item that began below a quarter of it;
 *    so an item larger than the window passes, and a lot that is not full yet stops nothing.
 * 2. Nobody gives back more than is outstanding.
 */
export function itemCost(bytes: number): number {
  return bytes + itemOverheadBytes;
}

/** The cost of framed items side by side. */
export function framesCost(frames: Uint8Array, items: number): number {
  return payloadBytes(frames, items) + items * itemOverheadBytes;
}

/** The bytes of framed items side by side, without framing. */
export function payloadBytes(frames: Uint8Array, items: number): number {
  return frames.byteLength - items * frameHeaderBytes;
}

/**
 * What a new subscription may be granted of a window, of which items from former ones still hold a
 * part; nothing while they hold more than half: an application that does not read cannot fill its
 * memory by subscribing again and again.
 */
export function windowLeft(window: number, held: number): number | undefined {
  return held * 2 > window ? undefined : Math.max(windowBytesMin, window - held);
}

/** What is given back at a time. */
function lot(window: number): number {
  return window >> 2;
}

/** The producer's side of a window. */
export class SendCredit {
  readonly #window: number;
  #outstanding = 0;

  constructor(window: number) {
    this.#window = window;
  }

  /** Cost of the items that were sent and not given back. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Whether items of that cost in all may be sent. */
  allows(cost: number): boolean {
    return this.#outstanding + cost <= this.#window;
  }

  /** Whether one item of that cost may be sent, whatever its size. */
  allowsOne(cost: number): boolean {
    return this.allows(cost) || this.#outstanding < lot(this.#window);
  }

  /** Counts items as sent. */
  take(cost: number): void {
    this.#outstanding += cost;
  }

  /** Counts items as taken by the consumer; `false` where that is more than there were. */
  giveBack(cost: number): boolean {
    if (cost > this.#outstanding) return false;
    this.#outstanding -= cost;
    return true;
  }
}

/** The consumer's side of a window. */
export class ReceiveCredit {
  readonly #lot: number;
  readonly #heldMax: number;
  #held = 0;
  #taken = 0;

  /** `itemBytesMax`: the largest item there may be. */
  constructor(window: number, itemBytesMax: number) {
    this.#lot = lot(window);
    this.#heldMax = window + itemCost(itemBytesMax);
  }

  /** Cost of the items that arrived and were not taken. */
  get waiting(): number {
    return this.#held - this.#taken;
  }

  /** Counts items as arrived; `false` where the producer cannot have had credit for them. */
  arrived(cost: number): boolean {
    this.#held += cost;
    return this.#held <= this.#heldMax;
  }

  /** Counts items as taken. Returns what to give back now, mostly nothing. */
  taken(cost: number): number {
    this.#taken += cost;
    if (this.#taken < this.#lot) return 0;
    const due = this.#taken;
    this.#held -= due;
    this.#taken = 0;
    return due;
  }

  /** The items that wait were discarded. */
  discard(): void {
    this.#held = this.#taken;
  }
}
