/**
 * Decides whether bytes are one MessagePack value of the kinds that our encoder writes, before a
 * decoder touches them. One pass, no allocation, at most {@link codecDepthMax} calls deep:
 *
 * 1. Every length is covered by bytes that are there.
 * 2. Every key of a map is a text, and none is a forbidden one.
 * 3. Of the extensions, only timestamps and msgpackr's `undefined` pass: no records (which would be
 *    compiled to code), references, errors, regular expressions, sets or typed arrays.
 */
import { MosaikError } from "../error.ts";
import { codecDepthMax } from "./codec.ts";
import { forbiddenKey, tooDeep } from "./shape.ts";

/** How many bytes the length of a text takes, by the token before it. */
const lengthSizes = new Map([
  [0xd9, 1],
  [0xda, 2],
  [0xdb, 4],
]);

/** @throws MosaikError with a code of `CodecErrorCode` where the bytes are not such a value. */
export function throwIfNotMsgpack(bytes: Uint8Array): void {
  const end = skipValue(bytes, 0, codecDepthMax);
  if (end !== bytes.length) throw malformed("has bytes after its end");
}

/** The offset after the value at `at`. */
function skipValue(bytes: Uint8Array, at: number, depthLeft: number): number {
  const token = byteAt(bytes, at);
  if (token < 0x80 || token >= 0xe0) return at + 1;
  if (token < 0x90) return skipMap(bytes, at + 1, token & 0x0f, depthLeft);
  if (token < 0xa0) return skipArray(bytes, at + 1, token & 0x0f, depthLeft);
  if (token < 0xc0) return skip(bytes, at + 1, token & 0x1f);
  switch (token) {
    case 0xc0: // nil
    case 0xc2: // false
    case 0xc3: // true
      return at + 1;
    case 0xcc: // uint 8
    case 0xd0: // int 8
      return skip(bytes, at + 1, 1);
    case 0xcd: // uint 16
    case 0xd1: // int 16
      return skip(bytes, at + 1, 2);
    case 0xca: // float 32
    case 0xce: // uint 32
    case 0xd2: // int 32
      return skip(bytes, at + 1, 4);
    case 0xcb: // float 64
    case 0xcf: // uint 64
    case 0xd3: // int 64
      return skip(bytes, at + 1, 8);
    case 0xc4: // bin 8
    case 0xd9: // str 8
      return skip(bytes, at + 2, lengthAt(bytes, at + 1, 1));
    case 0xc5: // bin 16
    case 0xda: // str 16
      return skip(bytes, at + 3, lengthAt(bytes, at + 1, 2));
    case 0xc6: // bin 32
    case 0xdb: // str 32
      return skip(bytes, at + 5, lengthAt(bytes, at + 1, 4));
    case 0xdc: // array 16
      return skipArray(bytes, at + 3, lengthAt(bytes, at + 1, 2), depthLeft);
    case 0xdd: // array 32
      return skipArray(bytes, at + 5, lengthAt(bytes, at + 1, 4), depthLeft);
    case 0xde: // map 16
      return skipMap(bytes, at + 3, lengthAt(bytes, at + 1, 2), depthLeft);
    case 0xdf: // map 32
      return skipMap(bytes, at + 5, lengthAt(bytes, at + 1, 4), depthLeft);
    default:
      return skipExtension(bytes, at, token);
  }
}

function skipArray(bytes: Uint8Array, start: number, items: number, depthLeft: number): number {
  if (depthLeft === 0) throw tooDeep();
  if (items > bytes.length - start) throw malformed("ends within an array");
  let at = start;
  for (let index = 0; index < items; index++) at = skipValue(bytes, at, depthLeft - 1);
  return at;
}

function skipMap(bytes: Uint8Array, start: number, entries: number, depthLeft: number): number {
  if (depthLeft === 0) throw tooDeep();
  if (entries * 2 > bytes.length - start) throw malformed("ends within a map");
  let at = start;
  for (let index = 0; index < entries; index++) {
    at = skipValue(bytes, skipKey(bytes, at), depthLeft - 1);
  }
  return at;
}

function skipKey(bytes: Uint8Array, at: number): number {
  const token = byteAt(bytes, at);
  let start = at + 1;
  let length = token & 0x1f;
  if (token < 0xa0 || token >= 0xc0) {
    const size = lengthSizes.get(token);
    if (size === undefined) throw malformed("has a key that is not a text");
    start += size;
    length = lengthAt(bytes, at + 1, size);
  }
  if (length === 9) {
    throwIfKeyIs(bytes, start, "__proto__");
    throwIfKeyIs(bytes, start, "prototype");
  } else if (length === 11) throwIfKeyIs(bytes, start, "constructor");
  return skip(bytes, start, length);
}

function throwIfKeyIs(bytes: Uint8Array, start: number, key: string): void {
  for (let index = 0; index < key.length; index++) {
    if (bytes[start + index] !== key.charCodeAt(index)) return;
  }
  throw forbiddenKey(key);
}

function skipExtension(bytes: Uint8Array, at: number, token: number): number {
  if (token === 0xd4 && byteAt(bytes, at + 1) === 0x00) return skip(bytes, at + 2, 1); // undefined
  if (token === 0xd6 && byteAt(bytes, at + 1) === 0xff) return skip(bytes, at + 2, 4); // timestamp
  if (token === 0xd7 && byteAt(bytes, at + 1) === 0xff) return skip(bytes, at + 2, 8); // timestamp
  if (token === 0xc7 && byteAt(bytes, at + 1) === 12 && byteAt(bytes, at + 2) === 0xff) {
    return skip(bytes, at + 3, 12); // timestamp
  }
  throw malformed("has a kind of value that is not allowed");
}

function skip(bytes: Uint8Array, at: number, count: number): number {
  if (count > bytes.length - at) throw malformed("ends within a value");
  return at + count;
}

function lengthAt(bytes: Uint8Array, at: number, size: number): number {
  let length = 0;
  for (let index = 0; index < size; index++) length = length * 256 + byteAt(bytes, at + index);
  return length;
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed("ends within a value");
  return byte;
}

function malformed(what: string): MosaikError<"CODEC_MALFORMED"> {
  return new MosaikError("CODEC_MALFORMED", `the MessagePack ${what}`);
}
