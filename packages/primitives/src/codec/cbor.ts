import { decode, encode } from "cborg";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import { type Codec, type CodecErrorCode, codecDepthMax } from "./codec.ts";
import { forbiddenKey, isExactText, isForbiddenKey, isPlainObject, tooDeep } from "./shape.ts";

/**
 * Canonical CBOR (RFC 8949, section 4.2): one value, one sequence of bytes. What is signed or hashed
 * is encoded with it. Slower than msgpack. Finite numbers, texts, bytes, booleans, null, arrays and
 * plain objects, whose undefined properties are left out.
 */
export const cborCodec: Codec = {
  id: "cbor/1",
  encode: (value) =>
    attemptEncode("CBOR", () => {
      throwIfNotPlain(value, codecDepthMax);
      return encode(value, { ignoreUndefinedProperties: true });
    }),
  decode: (bytes) =>
    attemptDecode("CBOR", () =>
      toPlain(
        decode(bytes, {
          strict: true, // a number has one form
          allowIndefinite: false,
          allowUndefined: false,
          allowInfinity: false,
          allowNaN: false,
          allowBigInt: false,
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
  if (depthLeft === 0) throw tooDeep();
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

function throwIfNotPlain(value: unknown, depthLeft: number): void {
  if (typeof value === "boolean" || value === null) return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  if (typeof value === "string" && isExactText(value)) return;
  if (typeof value !== "object") throw unencodable(value);
  if (value instanceof Uint8Array) return;
  if (depthLeft === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) throwIfNotPlain(value[index], depthLeft - 1);
  } else if (isPlainObject(value)) {
    for (const key in value) {
      if (isForbiddenKey(key)) throw forbiddenKey(key);
      if (!isExactText(key)) throw unencodable(key);
      if (value[key] !== undefined) throwIfNotPlain(value[key], depthLeft - 1);
    }
  } else throw unencodable(value);
}

function unencodable(value: unknown): MosaikError<CodecErrorCode> {
  const kind = typeof value === "object" ? value?.constructor.name : typeof value;
  return new MosaikError("CODEC_UNENCODABLE", `CBOR has no form for this value: ${kind}`);
}
