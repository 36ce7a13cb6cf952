import { MosaikError } from "../error.ts";
import { type CodecErrorCode, codecDepthMax } from "./codec.ts";

/** Whether a key could reach an object's prototype when somebody copies it carelessly. */
export function isForbiddenKey(key: unknown): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/**
 * What is wrong with the shape of a value, if anything: nesting beyond {@link codecDepthMax}, or a
 * forbidden key in a plain object. Walks plain objects, arrays, Maps and Sets; cycles count as
 * endless depth.
 */
export function shapeError(
  value: unknown,
  depthLeft: number = codecDepthMax,
): MosaikError<CodecErrorCode> | undefined {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  if (depthLeft === 0) {
    return new MosaikError("CODEC_TOO_DEEP", `values nest at most ${codecDepthMax} levels deep`);
  }
  if (Array.isArray(value) || value instanceof Set) return firstError(value, depthLeft);
  if (value instanceof Map) {
    return firstError(value.keys(), depthLeft) ?? firstError(value.values(), depthLeft);
  }
  for (const key of Object.keys(value)) {
    if (isForbiddenKey(key)) return forbiddenKey(key);
    const error = shapeError((value as Record<string, unknown>)[key], depthLeft - 1); // an own key
    if (error !== undefined) return error;
  }
  return undefined;
}

/** The error for a forbidden key. */
export function forbiddenKey(key: string): MosaikError<CodecErrorCode> {
  return new MosaikError("CODEC_FORBIDDEN_KEY", `an object may not have the key '${key}'`);
}

function firstError(
  items: Iterable<unknown>,
  depthLeft: number,
): MosaikError<CodecErrorCode> | undefined {
  for (const item of items) {
    const error = shapeError(item, depthLeft - 1);
    if (error !== undefined) return error;
  }
  return undefined;
}
