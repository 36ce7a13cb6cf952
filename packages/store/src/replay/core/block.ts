import type { PeerId } from "@mosaik/primitives";
import type { Frames } from "./frames.ts";

const roomAtFirst = 4_096;

/** Consecutive items of one run of a producer, kept together. */
export class Block {
  /** Counts the blocks of a history. */
  readonly number: number;
  readonly producer: PeerId;
  readonly incarnation: string;
  /** The number of its first item. */
  readonly sequence: number;
  /** When its first item was kept, wall-clock milliseconds. */
  readonly fromMs: number;
  #atMs: number;
  #items = 0;
  #bytes = 0;
  /** Not there while only the storage has them. */
  #buffer: Uint8Array | undefined;

  constructor(init: {
    readonly number: number;
    readonly producer: PeerId;
    readonly incarnation: string;
    readonly sequence: number;
    readonly fromMs: number;
    /** That of a block whose items are stored. */
    readonly stored?: { readonly items: number; readonly bytes: number; readonly atMs: number };
  }) {
    this.number = init.number;
    this.producer = init.producer;
    this.incarnation = init.incarnation;
    this.sequence = init.sequence;
    this.fromMs = init.fromMs;
    this.#items = init.stored?.items ?? 0;
    this.#bytes = init.stored?.bytes ?? 0;
    this.#atMs = init.stored?.atMs ?? init.fromMs;
    this.#buffer = init.stored === undefined ? new Uint8Array(0) : undefined;
  }

  get items(): number {
    return this.#items;
  }

  /** Of its frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of the item after its last. */
  get end(): number {
    return this.sequence + this.#items;
  }

  /** When its last item was kept. */
  get atMs(): number {
    return this.#atMs;
  }

  /** Its items, as far as there are any now; `undefined` where only the storage has them. */
  get frames(): Uint8Array | undefined {
    return this.#buffer?.subarray(0, this.#bytes);
  }

  /** Adds items, copying them. What was read of it before does not change. */
  append({ frames, items }: Frames, atMs: number): void {
    const end = this.#bytes + frames.byteLength;
    let buffer = this.#buffer ?? new Uint8Array(0);
    if (end > buffer.byteLength) {
      const grown = new Uint8Array(Math.max(end, roomAtFirst, buffer.byteLength * 2));
      grown.set(buffer.subarray(0, this.#bytes));
      buffer = grown;
      this.#buffer = grown;
    }
    buffer.set(frames, this.#bytes);
    this.#bytes = end;
    this.#items += items;
    this.#atMs = Math.max(this.#atMs, atMs);
  }

  /** Nothing more will be added: lets go of the room that is left. */
  seal(): void {
    if (this.#buffer !== undefined && this.#buffer.byteLength > this.#bytes * 1.25) {
      this.#buffer = this.#buffer.slice(0, this.#bytes);
    }
  }

  /** The storage has its items: memory lets go of them. */
  release(): void {
    this.#buffer = undefined;
  }
}
