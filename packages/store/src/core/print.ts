import type { StoreKey } from "./keys.ts";

/** A 64-bit fingerprint as two words of 32 bits. */
export type Print = readonly [a: number, b: number];

/** The fingerprint of nothing. */
export const noPrint: Print = [0, 0];

/** The sum of two fingerprints, the same in any order. */
export function addPrints([a, b]: Print, [c, d]: Print): Print {
  return [(a + c) >>> 0, (b + d) >>> 0];
}

/** A sum without one of its parts. */
export function subtractPrints([a, b]: Print, [c, d]: Print): Print {
  return [(a - c) >>> 0, (b - d) >>> 0];
}

/** A fingerprint as 16 hexadecimal digits. */
export function formatPrint([a, b]: Print): string {
  return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
}

const scratch = new DataView(new ArrayBuffer(8));

/**
 * A running fingerprint of content (two FNV-1a lanes, each finished as in MurmurHash3), to find
 * states that differ by accident. It withstands no attack.
 */
export class Printer {
  #a = 0x811c9dc5;
  #b = 0x01000193;

  /** Mixes in bytes, their number first. */
  bytes(bytes: Uint8Array): this {
    let a = this.#a ^ bytes.byteLength;
    let b = this.#b + bytes.byteLength;
    for (let at = 0; at < bytes.byteLength; at++) {
      const byte = bytes[at] ?? 0;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ byte, 0x9e3779b1);
    }
    this.#a = a;
    this.#b = b;
    return this;
  }

  /** Mixes in a key: its type and content. */
  key(key: StoreKey): this {
    switch (typeof key) {
      case "string":
        return this.#text(key);
      case "number":
        scratch.setFloat64(0, key);
        return this.#word(1).#word(scratch.getUint32(0)).#word(scratch.getUint32(4));
      case "bigint":
        scratch.setBigInt64(0, BigInt.asIntN(64, key));
        return this.#word(key > 0n ? 2 : 3)
          .#word(scratch.getUint32(0))
          .#word(scratch.getUint32(4));
      case "boolean":
        return this.#word(key ? 5 : 4);
      default:
        this.#word(6).#word(key.length);
        for (const part of key) this.key(part);
        return this;
    }
  }

  /** Mixes in a number. */
  number(value: number): this {
    return this.key(value);
  }

  /** The fingerprint of all that was mixed in. */
  finish(): Print {
    return [finished(this.#a), finished(this.#b)];
  }

  #text(text: string): this {
    this.#word(7).#word(text.length);
    let a = this.#a;
    let b = this.#b;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ unit, 0x9e3779b1);
    }
    this.#a = a;
    this.#b = b;
    return this;
  }

  #word(word: number): this {
    this.#a = Math.imul(this.#a ^ word, 0x85ebca6b);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b ^ word, 0xc2b2ae35);
    this.#b ^= this.#b >>> 13;
    return this;
  }
}

function finished(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
