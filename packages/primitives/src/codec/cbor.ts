import { decode, encode } from "cborg";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import { type Codec, codecDepthMax } from "./codec.ts";
import { throwIfBadShape } from "./json.ts";
import { forbiddenKey, isForbiddenKey } from "./shape.ts";

/**
 * Canonical CBOR (RFC 8949, section 4.2): one value, one sequence of bytes. What is signed or hashed
 * is encoded with it. Slower than msgpack. Numbers, texts, bytes, booleans, null, arrays and plain
 * objects.
 */
export const cborCodec: Codec = {
  id: "cbor/1",
  encode: (value) =>
    attemptEncode("CBOR", () => {
      throwIfBadShape(value);
      return encode(value, { ignoreUndefinedProperties: true });
    }),
  decode: (bytes) =>
    attemptDecode("CBOR", () =>
      toPlain(
        decode(bytes, {
          allowIndefinite: false,
          allowUndefined: false,
          allowInfinity: false,
          allowNaN: false,
          rejectDuplicateMapKeys: true,
          useMaps: true, // an object would let a `__proto__` key through
        }),
        codecDepthMax,
      ),
    ),
};

/** Turns the decoder's Maps into plain objects, refusing what no encoder of ours writes. */
function toPlain(value: unknown, depthLeft: number): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (depthLeft === 0) throw new MosaikError("CODEC_TOO_DEEP", "CBOR nests too deeply");
  if (Array.isArray(value)) return value.map((item) => toPlain(item, depthLeft - 1));
  const plain: Record<string, unknown> = {};
  for (const [key, item] of value as Map<unknown, unknown>) {
    // cborg makes nothing else
    if (typeof key !== "string") throw new MosaikError("CODEC_MALFORMED", "a key is not a text");
    if (isForbiddenKey(key)) throw forbiddenKey(key);
    plain[key] = toPlain(item, depthLeft - 1);
  }
  return plain;
}
