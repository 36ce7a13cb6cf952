import SuperJSON from "superjson";
import { MosaikError } from "../error.ts";
import { type CodecErrorCode, codecDepthMax } from "./codec.ts";
import { isSuspect } from "./json.ts";
import { forbiddenKey, isForbiddenKey, isPlainObject, throwIfBadShape, tooDeep } from "./shape.ts";
import { bigintDigitsMax, isTypedArrayName } from "./superjson-revive.ts";

// Its own instance: what a program registers with the library's is no business of its peers.
const superjson = new SuperJSON();

/**
 * The text of a value in superjson, without the library's marks for objects met twice.
 *
 * @throws MosaikError with a {@link CodecErrorCode} where the text would not decode to the value.
 */
export function annotate(value: unknown): string {
  throwIfLossy(value, codecDepthMax);
  const { json, meta } = superjson.serialize(value);
  const values = meta?.values;
  const text = JSON.stringify(values === undefined ? { json } : { json, meta: { values, v: 1 } });
  if (!text.startsWith('{"json":')) throw unencodable("no such value");
  if (isSuspect(text)) throwIfBadShape(JSON.parse(text).json);
  return text;
}

/** Refuses what the library would write as something else, and a cycle, which never ends. */
function throwIfLossy(value: unknown, depthLeft: number): void {
  if (typeof value === "bigint" && value.toString().length > bigintDigitsMax) {
    throw unencodable(`no bigint above ${bigintDigitsMax} digits`);
  }
  if (typeof value !== "object" || value === null) return;
  if (depthLeft === 0) throw tooDeep();
  if (ArrayBuffer.isView(value)) throwIfLossyView(value);
  else if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) throwIfLossy(item, depthLeft - 1);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      throwIfLossy(key, depthLeft - 1);
      throwIfLossy(item, depthLeft - 1);
    }
  } else if (value instanceof Error) {
    if (typeof value.name !== "string") throw unencodable("no error whose name is not a text");
    throwIfLossy(value.cause, depthLeft - 1);
  } else if (isPlainObject(value)) {
    for (const key in value) {
      if (isForbiddenKey(key)) throw forbiddenKey(key);
      throwIfLossy(value[key], depthLeft - 1);
    }
  }
}

function throwIfLossyView(view: ArrayBufferView): void {
  if (!isTypedArrayName(view.constructor.name)) throw unencodable(`no ${view.constructor.name}`);
  if (!(view instanceof Float32Array || view instanceof Float64Array)) return;
  if (!view.every(Number.isFinite)) throw unencodable("no typed array with NaN or an infinity");
}

function unencodable(what: string): MosaikError<CodecErrorCode> {
  return new MosaikError("CODEC_UNENCODABLE", `superjson has ${what}`);
}
