import { blake3 } from "@noble/hashes/blake3.js";
import { encodeHex, encodeUtf8 } from "./bytes.ts";

/** A 32-byte BLAKE3 digest as 64 lower-case hexadecimal digits, so that it can be a Map key. */
export type Digest = string & { readonly __digest: never };

/**
 * The BLAKE3 digest of a domain and parts. Each is preceded by its length, so two different lists
 * never run together into the same bytes, and digests of different domains never meet.
 *
 * @example
 * ```ts
 * import { digest } from "@mosaik/primitives";
 *
 * console.log(digest("example", "ab", "c") === digest("example", "a", "bc")); // false
 * ```
 */
export function digest(domain: string, ...parts: readonly (string | Uint8Array)[]): Digest {
  const hash = blake3.create({ dkLen: 32 });
  for (const part of [domain, ...parts]) {
    const bytes = typeof part === "string" ? encodeUtf8(part) : part;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.byteLength);
    hash.update(length).update(bytes);
  }
  return encodeHex(hash.digest()) as Digest; // the one place that makes a digest
}
