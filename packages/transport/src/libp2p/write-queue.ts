import { concatBytes } from "@mosaik/primitives";
import { joinedBytesMax, pieceBytesMax } from "./config.ts";

/**
 * Bytes that wait to be written, taken out in few pieces: small neighbours are joined, a buffer
 * that is large by itself comes out uncopied, whole or in parts.
 */
export class WriteQueue {
  #buffers: Uint8Array[] = [];
  #next = 0;
  #byteLength = 0;

  /** How many bytes wait. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Adds bytes at the end. */
  push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#buffers.push(bytes);
    this.#byteLength += bytes.byteLength;
  }

  /** Takes a piece from the front, at most `pieceBytesMax`; `undefined` where nothing waits. */
  take(): Uint8Array | undefined {
    const first = this.#buffers[this.#next];
    if (first === undefined) return undefined;
    const piece = first.byteLength > pieceBytesMax ? this.#split(first) : this.#join(first);
    this.#byteLength -= piece.byteLength;
    if (this.#next === this.#buffers.length) this.clear();
    return piece;
  }

  #split(first: Uint8Array): Uint8Array {
    this.#buffers[this.#next] = first.subarray(pieceBytesMax);
    return first.subarray(0, pieceBytesMax);
  }

  #join(first: Uint8Array): Uint8Array {
    const from = this.#next;
    let size = first.byteLength;
    let end = from + 1;
    for (let more = this.#buffers[end]; more !== undefined; more = this.#buffers[++end]) {
      if (size + more.byteLength > joinedBytesMax) break;
      size += more.byteLength;
    }
    this.#next = end;
    return end === from + 1 ? first : concatBytes(...this.#buffers.slice(from, end));
  }

  /** Forgets what waits. */
  clear(): void {
    this.#buffers = [];
    this.#next = 0;
    this.#byteLength = 0;
  }
}
