import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import { framesCost, itemCost, payloadBytes, SendCredit } from "./credit.ts";
import type { Lag, LaggingQueue } from "./lag.ts";
import type { Run } from "./segment-writer.ts";

/**
 * What waits at a producer for one consumer, and what of it may go out.
 *
 * Invariants:
 * 1. Items go out in order, each once; of those that were pushed, each goes out, waits, or counts as
 *    dropped: `position` = first sequence + sent + dropped.
 * 2. No more goes out than there is credit for.
 * 3. After {@link SubscriberQueue.trim} no more waits than the lag options allow, but for one item.
 * 4. Items are dropped at the head only; their count goes out before the item behind them.
 * 5. The cost is constant for each run; frames are walked only where a run must be split.
 */
export class SubscriberQueue implements LaggingQueue {
  readonly #lag: Lag;
  readonly #credit: SendCredit;
  /** The runs that wait, from index `#head` on. */
  #runs: (Run | undefined)[] = [];
  #head = 0;
  /** What of the first run is gone already. */
  #goneBytes = 0;
  #goneItems = 0;
  #waitingItems = 0;
  #waitingBytes = 0;
  #position: number;
  #gap = 0;
  #items = 0;
  #bytes = 0;
  #dropped = 0;

  /** `sequence` is that of the first item that will be pushed. */
  constructor(init: {
    readonly lag: Lag;
    readonly windowBytes: number;
    readonly sequence: number;
  }) {
    this.#lag = init.lag;
    this.#credit = new SendCredit(init.windowBytes);
    this.#position = init.sequence;
  }

  /** Items that went out. */
  get items(): number {
    return this.#items;
  }

  /** Bytes of the items that went out, without framing. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What waits. */
  get waiting(): { readonly items: number; readonly bytes: number } {
    return { items: this.#waitingItems, bytes: this.#waitingBytes };
  }

  /** Items that were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The sequence of the item that waits longest, or of the next one. */
  get position(): number {
    return this.#position;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#waitingItems === 0;
  }

  /** Items that still fit. Not above 0: full. */
  get itemsLeft(): number {
    return this.#lag.itemsMax - this.#waitingItems;
  }

  /** Bytes of frames that still fit. Not above 0: full. */
  get bytesLeft(): number {
    return this.#lag.bytesMax - this.#waitingBytes;
  }

  get hasRoom(): boolean {
    return this.itemsLeft > 0 && this.bytesLeft > 0;
  }

  /** One item is never too much, whatever its size. */
  get over(): boolean {
    return this.#waitingItems > 1 && (this.itemsLeft < 0 || this.bytesLeft < 0);
  }

  /** Adds items at the end. */
  push(run: Run): void {
    this.#runs.push(run);
    this.#waitingItems += run.items;
    this.#waitingBytes += run.frames.byteLength;
  }

  /**
   * Takes what may go out next: first the number of items dropped before it, if any, then frames;
   * `undefined` where nothing waits or no credit is left.
   */
  take(): { readonly gap: number; readonly frames: Uint8Array } | undefined {
    const run = this.#runs[this.#head];
    if (run === undefined) return undefined;
    const whole = this.#goneBytes === 0 ? run.frames : run.frames.subarray(this.#goneBytes);
    const items = run.items - this.#goneItems;
    const cost = framesCost(whole, items);
    if (this.#credit.allows(cost)) return this.#takeHead(whole, items, cost);
    const part = this.#affordable(whole);
    if (part.items === 0) return undefined;
    return this.#takeHead(whole.subarray(0, part.bytes), part.items, part.cost);
  }

  /** The consumer took items; `false` where it claims more than were sent. */
  giveBack(cost: number): boolean {
    return this.#credit.giveBack(cost);
  }

  /** Drops the oldest items as long as more wait than may. */
  trim(): void {
    while (this.over) {
      const run = this.#runs[this.#head];
      if (run === undefined) return;
      const bytes = frameHeaderBytes + frameLength(run.frames, this.#goneBytes);
      this.#gap++;
      this.#dropped++;
      this.#advance(bytes, 1);
    }
  }

  #takeHead(
    frames: Uint8Array,
    items: number,
    cost: number,
  ): { readonly gap: number; readonly frames: Uint8Array } {
    const gap = this.#gap;
    this.#gap = 0;
    this.#credit.take(cost);
    this.#items += items;
    this.#bytes += payloadBytes(frames, items);
    this.#advance(frames.byteLength, items);
    return { gap, frames };
  }

  /** How much of the frames there is credit for: at least one item where one of any size may go. */
  #affordable(frames: Uint8Array): { bytes: number; items: number; cost: number } {
    const part = { bytes: 0, items: 0, cost: 0 };
    while (part.bytes < frames.byteLength) {
      const length = frameLength(frames, part.bytes);
      const cost = part.cost + itemCost(length);
      if (!(part.items === 0 ? this.#credit.allowsOne(cost) : this.#credit.allows(cost))) break;
      part.bytes += frameHeaderBytes + length;
      part.items++;
      part.cost = cost;
    }
    return part;
  }

  /** Moves the head on, past items that went out or were dropped. */
  #advance(bytes: number, items: number): void {
    this.#position += items;
    this.#waitingItems -= items;
    this.#waitingBytes -= bytes;
    this.#goneBytes += bytes;
    this.#goneItems += items;
    if (this.#goneItems < (this.#runs[this.#head]?.items ?? 0)) return;
    this.#runs[this.#head++] = undefined;
    this.#goneBytes = 0;
    this.#goneItems = 0;
    if (this.#head > 32 && this.#head * 2 > this.#runs.length) {
      this.#runs = this.#runs.slice(this.#head);
      this.#head = 0;
    }
  }
}
