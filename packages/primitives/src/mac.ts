import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { encodeUtf8 } from "./bytes.ts";

/** A 32-byte key for one purpose, from a secret: HKDF-SHA256 (RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return hkdf(sha256, secret, undefined, encodeUtf8(purpose), 32);
}

/**
 * The 32-byte HMAC-SHA256 (RFC 2104) of the parts, run together: give parts of fixed length, or two
 * lists may mean the same.
 */
export function authenticate(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = hmac.create(sha256, key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/**
 * A 32-byte key from something that people can remember: scrypt (RFC 7914) with N = 2^15, r = 8,
 * p = 1: 32 MiB and a good part of a second for each guess. Synchronous. The salt need not be secret.
 */
export function stretchKey(passphrase: string, salt: string): Uint8Array {
  const cost = { N: 2 ** 15, r: 8, p: 1, dkLen: 32 };
  return scrypt(encodeUtf8(passphrase.normalize("NFKC")), encodeUtf8(salt), cost);
}
