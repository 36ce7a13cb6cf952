/** Bytes that grow as they are written, with zeros in the gaps. */
export class GrowingBytes {
  #room: Uint8Array;
  #length: number;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#room = bytes.slice();
    this.#length = bytes.byteLength;
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of a range, as far as there are bytes. */
  slice(offset: number, end: number = this.#length): Uint8Array {
    return this.#room.slice(offset, Math.min(end, this.#length));
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.byteLength;
    if (end > this.#room.byteLength) {
      const room = new Uint8Array(Math.max(end, 2 * this.#room.byteLength));
      room.set(this.#room.subarray(0, this.#length));
      this.#room = room;
    }
    this.#room.set(bytes, offset);
    this.#length = Math.max(this.#length, end);
  }

  truncate(length: number): void {
    if (length >= this.#length) return;
    this.#room.fill(0, length, this.#length);
    this.#length = length;
  }
}
