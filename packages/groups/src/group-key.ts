import { decodeHex, encodeHex, stretchKey } from "@mosaik/primitives";
import { GroupError } from "./errors.ts";

/** How many bytes a fresh key has: nobody guesses 128 random bits. */
const keyBytes = 16;
const prefix = "mosaik-key:";

/**
 * What members of a group share, and nobody else may know. Prints as `[group key]`: only
 * {@link formatGroupKey} gives it away.
 */
export class GroupKey {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes.slice();
  }

  /**
   * A key of random bytes from elsewhere.
   *
   * @throws `RangeError` where there are fewer than 16 or more than 64 of them.
   */
  static of(bytes: Uint8Array): GroupKey {
    if (bytes.byteLength < keyBytes || bytes.byteLength > 64) {
      throw new RangeError("a group key has 16 to 64 bytes");
    }
    return new GroupKey(bytes);
  }

  /** The secret bytes: for deriving keys from, never for sending. */
  static bytesOf(key: GroupKey): Uint8Array {
    return key.#bytes;
  }

  /** Hides the key. */
  toString(): string {
    return "[group key]";
  }

  /** Hides the key. */
  toJSON(): string {
    return "[group key]";
  }
}

/** A fresh key, from the platform's cryptographic randomness. */
export function createGroupKey(): GroupKey {
  return GroupKey.of(globalThis.crypto.getRandomValues(new Uint8Array(keyBytes)));
}

/**
 * A key from a passphrase, stretched so that guessing is dear: takes about a tenth of a second,
 * synchronously. A fresh key is better: whoever can guess the passphrase is a member.
 *
 * @param salt - what tells this group from others of the same passphrase, the network's name say.
 * @throws `RangeError` where the passphrase is shorter than 8 characters.
 */
export function stretchGroupKey(passphrase: string, salt: string): GroupKey {
  if (passphrase.length < 8) throw new RangeError("a passphrase has at least 8 characters");
  return GroupKey.of(stretchKey(passphrase, `mosaik/group-key/1/${salt}`));
}

/** The key as one line of text: `mosaik-key:` and hexadecimal digits. Whoever reads it can join. */
export function formatGroupKey(key: GroupKey): string {
  return prefix + encodeHex(GroupKey.bytesOf(key));
}

/**
 * The key of a text.
 *
 * @throws GroupError with `GROUP_BAD_KEY`; the text is not in it.
 */
export function parseGroupKey(text: string): GroupKey {
  const trimmed = text.trim();
  const digits = trimmed.slice(prefix.length);
  if (!trimmed.startsWith(prefix) || !/^([0-9a-f]{2}){16,64}$/.test(digits)) {
    throw new GroupError("GROUP_BAD_KEY", "this is no group key, or it was cut");
  }
  return GroupKey.of(decodeHex(digits));
}
