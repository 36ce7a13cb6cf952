import { decodeHex, encodeHex } from "./bytes.ts";
import { type Digest, digest } from "./digest.ts";

/** Names a network: all that its nodes must share. */
export type NetworkId = Digest & { readonly __id: "network" };
/** Names a node: its Ed25519 public key. */
export type PeerId = Digest & { readonly __id: "peer" };
/** Names a stream. */
export type StreamId = Digest & { readonly __id: "stream" };
/** Names a group. */
export type GroupId = Digest & { readonly __id: "group" };
/** Names a store. */
export type StoreId = Digest & { readonly __id: "store" };

/** The id of the network of a name. */
export function networkId(name: string): NetworkId {
  return digest("mosaik/network", name) as NetworkId; // branded by its domain
}

/** The id of the stream of a name. */
export function streamId(name: string): StreamId {
  return digest("mosaik/stream", name) as StreamId; // branded by its domain
}

/** The id of the peer of a 32-byte Ed25519 public key. */
export function peerId(publicKey: Uint8Array): PeerId {
  return decodeId<PeerId>(publicKey);
}

/** The 32 bytes of an id, as they go on the wire. */
export function encodeId(id: Digest): Uint8Array {
  return decodeHex(id);
}

/**
 * The id of 32 bytes from the wire.
 *
 * @throws `RangeError` where there are not 32 of them.
 */
export function decodeId<Id extends Digest = Digest>(bytes: Uint8Array): Id {
  if (bytes.byteLength !== 32) throw new RangeError(`an id has 32 bytes, not ${bytes.byteLength}`);
  return encodeHex(bytes) as Id; // the caller names which id the protocol says stands here
}

/** Whether a text has the form of an id: 64 lower-case hexadecimal digits. */
export function isId(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The first eight digits of an id, for people. */
export function shortId(id: Digest): string {
  return id.slice(0, 8);
}
