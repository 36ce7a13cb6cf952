import { encodeUtf8 } from "@mosaik/primitives";

/**
 * Writes numbers, texts and bytes one after the other, big-endian. Byte by byte: to make a `DataView`
 * of an array costs more than that.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  /** @param size - bytes to make room for at first. */
  constructor(size = 256) {
    this.#bytes = new Uint8Array(size);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** A whole number from 0 to 255. */
  u8(value: number): this {
    const at = this.#room(1);
    this.#bytes[at] = value;
    return this;
  }

  /** A whole number from 0 to 65535. */
  u16(value: number): this {
    const at = this.#room(2);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  /** A whole number of 32 bits. */
  u32(value: number): this {
    this.#word(this.#room(4), value);
    return this;
  }

  /** A safe integer that is not negative: eight bytes. */
  position(value: number): this {
    const at = this.#room(8);
    this.#word(at, Math.floor(value / 2 ** 32));
    this.#word(at + 4, value);
    return this;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): this {
    const at = this.#room(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Bytes after their length. */
  bytes(bytes: Uint8Array): this {
    return this.u32(bytes.byteLength).raw(bytes);
  }

  /** A text of at most 65535 bytes, after its length. */
  text(text: string): this {
    const bytes = encodeUtf8(text);
    return this.u16(bytes.byteLength).raw(bytes);
  }

  /** All that was written, uncopied: nothing may be written afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #word(at: number, value: number): void {
    this.#bytes[at] = value >>> 24;
    this.#bytes[at + 1] = value >>> 16;
    this.#bytes[at + 2] = value >>> 8;
    this.#bytes[at + 3] = value;
  }

  #room(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length <= this.#bytes.byteLength) return at;
    const grown = new Uint8Array(Math.max(this.#length, this.#bytes.byteLength * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    return at;
  }
}
