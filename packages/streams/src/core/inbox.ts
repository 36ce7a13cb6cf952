import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import type { RunSource } from "../runs.ts";
import type { Delivery } from "../streams.ts";
import { itemCost } from "./credit.ts";

/** What stands for no item where there is none: items may be of any value. */
export const nothing: unique symbol = Symbol("nothing");

/** Makes an item of its bytes. Throws where that cannot be done. */
export type DecodeItem<Item> = (bytes: Uint8Array) => Item;

interface Run {
  readonly intake: RunSource;
  /** `undefined`: a gap. */
  readonly frames: Uint8Array | undefined;
  /** Items left, or the length of the gap. */
  items: number | undefined;
  /** Where in the frames the next item begins, and its sequence. */
  offset: number;
  sequence: number;
}

/**
 * What arrived at a consumer and was not taken yet. Items stay as they came, encoded, until they are
 * taken; so memory is what the windows allow, and nobody decodes what nobody reads.
 *
 * Invariants:
 * 1. Items are taken in the order of arrival, each once, whichever way they are taken.
 * 2. What is taken is reported to its intake at its cost, at once.
 * 3. An item that does not decode is followed by no item of the same intake: it and all behind it
 *    become one gap, in its place.
 */
export class Inbox<Item> {
  readonly #decode: DecodeItem<Item>;
  #runs: (Run | undefined)[] = [];
  #head = 0;

  constructor(decode: DecodeItem<Item>) {
    this.#decode = decode;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#head === this.#runs.length;
  }

  /** Adds framed items that arrived together; `sequence` is that of the first. */
  push(intake: RunSource, frames: Uint8Array, items: number, sequence: number): void {
    this.#runs.push({ intake, frames, items, offset: 0, sequence });
  }

  /** Adds a gap behind what arrived; neighbours of one intake become one. */
  pushGap(intake: RunSource, count: number | undefined): void {
    const last = this.#runs[this.#runs.length - 1];
    if (last !== undefined && last.frames === undefined && last.intake.peer === intake.peer) {
      last.items = sum(last.items, count);
    } else {
      this.#runs.push({ intake, frames: undefined, items: count, offset: 0, sequence: 0 });
    }
  }

  /** Takes the next item, passing over gaps; {@link nothing} where none has arrived. */
  take(): Item | typeof nothing {
    for (let run = this.#runs[this.#head]; run !== undefined; run = this.#runs[this.#head]) {
      if (run.frames === undefined) this.#next();
      else {
        const item = this.#takeFrom(run, run.frames);
        if (item !== nothing) return item;
      }
    }
    return nothing;
  }

  /** Takes up to `max` items, passing over gaps. */
  takeBatch(max: number): Item[] {
    const batch: Item[] = [];
    while (batch.length < max) {
      const item = this.take();
      if (item === nothing) break;
      batch.push(item);
    }
    return batch;
  }

  /** Takes the next item with its origin, or the next gap. */
  takeDelivery(): Delivery<Item> | undefined {
    for (let run = this.#runs[this.#head]; run !== undefined; run = this.#runs[this.#head]) {
      const producer = run.intake.peer;
      if (run.frames === undefined) {
        this.#next();
        return { kind: "gap", count: run.items, producer };
      }
      const { sequence } = run;
      const item = this.#takeFrom(run, run.frames);
      if (item !== nothing) return { kind: "item", item, producer, sequence };
    }
    return undefined;
  }

  #takeFrom(run: Run, frames: Uint8Array): Item | typeof nothing {
    const start = run.offset + frameHeaderBytes;
    const length = frameLength(frames, run.offset);
    let item: Item;
    try {
      // A plain view: half the cost of the `subarray` of a Node Buffer, and no Buffer for users.
      item = this.#decode(new Uint8Array(frames.buffer, frames.byteOffset + start, length));
    } catch (error) {
      run.intake.undecodable(error, this.#discard(run.intake));
      return nothing;
    }
    run.offset = start + length;
    run.sequence++;
    run.items = (run.items ?? 0) - 1;
    if (run.items === 0) this.#next();
    run.intake.taken(itemCost(length));
    return item;
  }

  /** Replaces all that is left of an intake by one gap at the head. Returns its items. */
  #discard(intake: RunSource): number {
    let lost = 0;
    let gap: number | undefined = 0;
    const kept: Run[] = [];
    for (let index = this.#head; index < this.#runs.length; index++) {
      const run = this.#runs[index];
      if (run?.intake !== intake) {
        if (run !== undefined) kept.push(run);
        continue;
      }
      gap = sum(gap, run.items);
      if (run.frames !== undefined) lost += run.items ?? 0;
    }
    this.#runs = [{ intake, frames: undefined, items: gap, offset: 0, sequence: 0 }, ...kept];
    this.#head = 0;
    return lost;
  }

  #next(): void {
    this.#runs[this.#head++] = undefined;
    if (this.#head === this.#runs.length) {
      this.#runs.length = 0;
      this.#head = 0;
    } else if (this.#head > 64 && this.#head * 2 > this.#runs.length) {
      this.#runs = this.#runs.slice(this.#head);
      this.#head = 0;
    }
  }
}

function sum(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : left + right;
}
