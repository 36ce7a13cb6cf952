import {
  decodeHex,
  decodeId,
  encodeHex,
  encodeId,
  equalBytes,
  type PeerId,
  type StreamId,
} from "@mosaik/primitives";
import type { BlockHead } from "../block-storage.ts";

/*
 * A block as it is stored: a head of fixed size, then its frames.
 *
 *     magic 4 | bytes 4 | producer 32 | incarnation 8 | number 8 | sequence 8 | items 4
 *     | from 8 | at 8 | hash of the frames 32 | hash of all before it, and of the stream, 12
 *
 * Heads can be read without the frames, and every byte is under a hash.
 */

/** Hashes bytes to 32. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** How many bytes a head has. */
export const headBytes = 128;

const magic = 0x4d42_4c4b;
const sealAt = 116;
const bodyHashAt = 84;

/** The stored head of a block. */
export function sealHead(
  head: BlockHead,
  frames: Uint8Array,
  stream: StreamId,
  hash: Hash,
): Uint8Array {
  const bytes = new Uint8Array(headBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, frames.byteLength);
  bytes.set(encodeId(head.producer), 8);
  bytes.set(decodeHex(head.incarnation), 40);
  view.setFloat64(48, head.number);
  view.setFloat64(56, head.sequence);
  view.setUint32(64, head.items);
  view.setFloat64(68, head.fromMs);
  view.setFloat64(76, head.atMs);
  bytes.set(hash(frames), bodyHashAt);
  bytes.set(seal(bytes, stream, hash), sealAt);
  return bytes;
}

/** A head that was read: nothing where its bytes are not those that were sealed. Total. */
export function openHead(
  bytes: Uint8Array,
  stream: StreamId,
  hash: Hash,
): (BlockHead & { readonly hash: Uint8Array }) | undefined {
  if (bytes.byteLength !== headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(0) !== magic) return undefined;
  if (!equalBytes(seal(bytes, stream, hash), bytes.subarray(sealAt))) return undefined;
  return {
    number: view.getFloat64(48),
    producer: decodeId<PeerId>(bytes.subarray(8, 40)),
    incarnation: encodeHex(bytes.subarray(40, 48)),
    sequence: view.getFloat64(56),
    items: view.getUint32(64),
    bytes: view.getUint32(4),
    fromMs: view.getFloat64(68),
    atMs: view.getFloat64(76),
    hash: bytes.slice(bodyHashAt, sealAt),
  };
}

/** Where the next head may begin, from an offset on; -1 where none does. */
export function nextMagic(bytes: Uint8Array, from: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + headBytes <= bytes.byteLength; at++) {
    if (view.getUint32(at) === magic) return at;
  }
  return -1;
}

function seal(head: Uint8Array, stream: StreamId, hash: Hash): Uint8Array {
  const sealed = new Uint8Array(sealAt + 32);
  sealed.set(head.subarray(0, sealAt));
  sealed.set(encodeId(stream), sealAt);
  return hash(sealed).slice(0, headBytes - sealAt);
}
