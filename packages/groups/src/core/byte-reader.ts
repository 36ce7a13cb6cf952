import { decodeUtf8 } from "@mosaik/primitives";

/** What was to be read is not there, or not of its form. Never leaves {@link decodeTotal}. */
class Malformed extends Error {}

/**
 * Reads what a `ByteWriter` wrote. Its methods throw where the bytes end too early: use it within
 * {@link decodeTotal}. Byte by byte: to make a `DataView` of an array costs more than that.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  u8(): number {
    return this.#byte(this.#take(1));
  }

  u16(): number {
    const at = this.#take(2);
    return (this.#byte(at) << 8) | this.#byte(at + 1);
  }

  u32(): number {
    return this.#word(this.#take(4));
  }

  /** A safe integer that is not negative. */
  position(): number {
    const at = this.#take(8);
    const high = this.#word(at);
    if (high >= 2 ** 21) throw new Malformed();
    return high * 2 ** 32 + this.#word(at + 4);
  }

  /** `true` or `false`, and no third. */
  flag(): boolean {
    const value = this.u8();
    if (value > 1) throw new Malformed();
    return value === 1;
  }

  /** So many bytes, uncopied. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  /** Bytes after their length, uncopied. */
  bytes(): Uint8Array {
    return this.raw(this.u32());
  }

  /** A text after its length, of at most `bytesMax` bytes. */
  text(bytesMax: number): string {
    const length = this.u16();
    if (length > bytesMax) throw new Malformed();
    return decodeUtf8(this.raw(length));
  }

  /** How many things follow: at most `most`, and no more than there is room for. */
  count(value: number, most: number, bytesEach: number): number {
    if (value > most || value * bytesEach > this.left) throw new Malformed();
    return value;
  }

  /** One of several, by its number. */
  oneOf<Item>(items: readonly Item[]): Item {
    const item = items[this.u8()];
    if (item === undefined) throw new Malformed();
    return item;
  }

  /** Ends the reading: what was read is not of its form. */
  refuse(): never {
    throw new Malformed();
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0; // there: `#take` says so
  }

  #word(at: number): number {
    const low = (this.#byte(at + 1) << 16) | (this.#byte(at + 2) << 8) | this.#byte(at + 3);
    return this.#byte(at) * 2 ** 24 + low;
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.left) throw new Malformed();
    this.#at += count;
    return at;
  }
}

/** What `read` makes of bytes, or nothing where they are not exactly that. Total: never throws. */
export function decodeTotal<Value>(
  bytes: Uint8Array,
  read: (reader: ByteReader) => Value | undefined,
): Value | undefined {
  try {
    const reader = new ByteReader(bytes);
    const value = read(reader);
    return reader.left === 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
