import { concatBytes } from "@mosaik/primitives";
import { joinedBytesMax } from "./config.ts";

/**
 * Bytes that wait to be written, taken out in few pieces: small neighbours are joined, a buffer
 * that is large by itself comes out as it went in, uncopied.
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

  /** Takes a piece from the front; `undefined` where nothing waits. */
  take(): Uint8Array | undefined {
    const from = this.#next;
    const first = this.#buffers[from];
    if (first === undefined) return undefined;
    let size = first.byteLength;
    let end = from + 1;
    for (let more = this.#buffers[end]; more !== undefined; more = this.#buffers[++end]) {
      if (size + more.byteLength > joinedBytesMax) break;
      size += more.byteLength;
    }
    const piece = end === from + 1 ? first : concatBytes(...this.#buffers.slice(from, end));
    this.#next = end;
    this.#byteLength -= size;
    if (this.#next === this.#buffers.length) this.clear();
    return piece;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#buffers = [];
    this.#next = 0;
    this.#byteLength = 0;
  }
}
