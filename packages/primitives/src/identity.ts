import type { PeerId } from "./ids.ts";

/** A node's key pair: who it is, and how it proves it. */
export interface Identity {
  /** The public key, by which others know the node. */
  readonly peer: PeerId;
  /** The 64-byte Ed25519 signature (RFC 8032) of the bytes. Deterministic and synchronous. */
  sign(bytes: Uint8Array): Uint8Array;
  /** The 32-byte secret key: keep it where nobody else reads it. */
  exportSecretKey(): Uint8Array;
}

/**
 * Ed25519, synchronously. `@mosaik/primitives/system` has the one for the platform: `node:crypto`
 * in Node, `@noble/curves` in browsers; both make the same bytes.
 */
export interface Ed25519 {
  /**
   * The identity of a 32-byte secret key.
   *
   * @throws `RangeError` where the key has another length.
   */
  identity(secretKey: Uint8Array): Identity;
  /** Whether `signature` is the peer's signature of the bytes. Never throws. */
  verify(peer: PeerId, bytes: Uint8Array, signature: Uint8Array): boolean;
}
