/** Bytes that grow as they are written, with zeros in the gaps. */
export class GrowingBytes {
  #room: Uint8Array = new Uint8Array(0);
  #length = 0;
  /** Whether others may read the room: it is never written then. */
  #isShared = false;

  get length(): number {
    return this.#length;
  }

  /** Bytes like these, which share their room until either side changes. */
  fork(): GrowingBytes {
    const copy = new GrowingBytes();
    copy.#room = this.#room;
    copy.#length = this.#length;
    copy.#isShared = this.#isShared = true;
    return copy;
  }

  /** A copy of a range, as far as there are bytes. */
  slice(offset: number, end: number = this.#length): Uint8Array {
    return this.#room.slice(offset, Math.min(end, this.#length));
  }

  write(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.byteLength;
    const size = this.#room.byteLength;
    if (end > size) this.#move(Math.max(end, 2 * size));
    else if (this.#isShared) this.#move(size);
    this.#room.set(bytes, offset);
    this.#length = Math.max(this.#length, end);
  }

  truncate(length: number): void {
    if (length >= this.#length) return;
    if (this.#isShared) this.#move(this.#room.byteLength);
    this.#room.fill(0, length, this.#length);
    this.#length = length;
  }

  #move(size: number): void {
    const room = new Uint8Array(size);
    room.set(this.#room.subarray(0, this.#length));
    this.#room = room;
    this.#isShared = false;
  }
}
