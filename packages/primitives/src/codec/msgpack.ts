import { Packr } from "msgpackr/pack"; // this entry brings no native code
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import { type Codec, type CodecErrorCode, codecDepthMax } from "./codec.ts";
import { throwIfNotMsgpack } from "./msgpack-check.ts";
import { forbiddenKey, isExactText, isForbiddenKey, isPlainObject, tooDeep } from "./shape.ts";

const packr = new Packr({
  useRecords: false, // they would be compiled to code, which a content security policy forbids
  moreTypes: false,
  structuredClone: false,
  mapsAsObjects: true,
});

/**
 * MessagePack: compact and the fastest typed codec. Keeps bytes, dates, `undefined` and bigints of 64
 * bits; Maps with text keys arrive as plain objects. Anything else that is not JSON's is refused.
 */
export const msgpackCodec: Codec = {
  id: "msgpack/1",
  encode: (value) =>
    attemptEncode("msgpack", () => {
      throwIfNotPackable(value, codecDepthMax);
      return packr.pack(value);
    }),
  decode: (bytes) =>
    attemptDecode("msgpack", () => {
      throwIfNotMsgpack(bytes);
      return packr.unpack(bytes);
    }),
};

function throwIfNotPackable(value: unknown, depthLeft: number): void {
  if (typeof value === "string") {
    if (!isExactText(value)) throw unencodable("a text that UTF-8 changes");
  } else if (typeof value === "object") {
    if (value !== null) throwIfObjectNotPackable(value, depthLeft);
  } else if (typeof value === "function" || typeof value === "symbol") {
    throw unencodable(`a ${typeof value}`);
  }
}

function throwIfObjectNotPackable(value: object, depthLeft: number): void {
  if (value instanceof Uint8Array) return;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unencodable("an invalid date");
    return;
  }
  if (depthLeft === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      throwIfNotPackable(value[index], depthLeft - 1);
    }
  } else if (value instanceof Map) {
    for (const [key, item] of value) throwIfEntryNotPackable(key, item, depthLeft - 1);
  } else if (isPlainObject(value)) {
    for (const key in value) throwIfEntryNotPackable(key, value[key], depthLeft - 1);
  } else throw unencodable(`a ${value.constructor.name}`);
}

function throwIfEntryNotPackable(key: unknown, item: unknown, depthLeft: number): void {
  if (typeof key !== "string") throw unencodable("a Map with a key that is not a text");
  if (isForbiddenKey(key)) throw forbiddenKey(key);
  if (!isExactText(key)) throw unencodable("a key that UTF-8 changes");
  throwIfNotPackable(item, depthLeft);
}

function unencodable(what: string): MosaikError<CodecErrorCode> {
  return new MosaikError("CODEC_UNENCODABLE", `msgpack has no form for ${what}`);
}
