import { frameHeaderBytes, frameKinds, writeFrameHeader } from "@mosaik/transport";

/** Framed items side by side, shared by all consumers. Its bytes never change. */
export interface Run {
  readonly frames: Uint8Array;
  readonly items: number;
}

/** Below this many bytes a loop copies faster than `set`. */
const smallBytes = 24;

/**
 * Where the items of a producer are framed, once whatever the number of consumers.
 *
 * Invariants:
 * 1. The runs that are cut concatenate to the frames of all items, in order.
 * 2. What was cut is never written to again: a buffer is only ever filled further, then left.
 */
export class SegmentWriter {
  readonly #segmentBytes: number;
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #items = 0;

  constructor(segmentBytes: number) {
    this.#segmentBytes = segmentBytes;
  }

  /** Items since the last cut. */
  get items(): number {
    return this.#items;
  }

  /** Whether an item of that size must be preceded by a {@link cut}. */
  crowded(bytes: number): boolean {
    return this.#items > 0 && this.#end + frameHeaderBytes + bytes > this.#buffer.byteLength;
  }

  /** Adds an item, copying its bytes. Only where it is not {@link crowded}. */
  append(item: Uint8Array): void {
    const length = item.byteLength;
    let at = this.#end;
    if (at + frameHeaderBytes + length > this.#buffer.byteLength) {
      this.#buffer = new Uint8Array(Math.max(this.#segmentBytes, frameHeaderBytes + length));
      this.#start = 0;
      at = 0;
    }
    const buffer = this.#buffer;
    writeFrameHeader(buffer, at, frameKinds.data, length);
    at += frameHeaderBytes;
    if (length < smallBytes) {
      for (let index = 0; index < length; index++) buffer[at + index] = item[index] ?? 0;
    } else buffer.set(item, at);
    this.#end = at + length;
    this.#items++;
  }

  /** The items since the last cut, `undefined` where there are none. */
  cut(): Run | undefined {
    if (this.#items === 0) return undefined;
    const run = { frames: this.#buffer.subarray(this.#start, this.#end), items: this.#items };
    this.#start = this.#end;
    this.#items = 0;
    return run;
  }
}
