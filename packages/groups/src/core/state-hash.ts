/**
 * A running 64-bit hash (two FNV-1a lanes) over what members did, to find one that did something
 * else. It finds accidents, not attacks.
 */
export class StateHash {
  #a = 0x811c9dc5;
  #b = 0x01000193;

  /** Mixes in a number of at most 53 bits. */
  number(value: number): void {
    this.#word(value >>> 0);
    this.#word(Math.floor(value / 2 ** 32));
  }

  /** Mixes in bytes, their length first. */
  bytes(bytes: Uint8Array): void {
    let a = this.#a ^ bytes.byteLength;
    let b = this.#b + bytes.byteLength;
    for (let index = 0; index < bytes.byteLength; index++) {
      const byte = bytes[index] ?? 0;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x9e3779b1);
    }
    this.#a = a >>> 0;
    this.#b = b >>> 0;
  }

  /** The hash now, as two words of 32 bits. */
  get words(): readonly [number, number] {
    return [this.#a, this.#b];
  }

  /** Goes on from a hash. */
  set words([a, b]: readonly [number, number]) {
    this.#a = a >>> 0;
    this.#b = b >>> 0;
  }

  /** The hash now as text. */
  get text(): string {
    return `${this.#a.toString(16).padStart(8, "0")}${this.#b.toString(16).padStart(8, "0")}`;
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x85ebca6b) >>> 0;
    this.#a = (this.#a ^ (this.#a >>> 15)) >>> 0;
    this.#b = Math.imul(this.#b ^ word, 0xc2b2ae35) >>> 0;
    this.#b = (this.#b ^ (this.#b >>> 13)) >>> 0;
  }
}
