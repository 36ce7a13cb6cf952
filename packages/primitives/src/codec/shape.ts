import { MosaikError } from "../error.ts";
import { type CodecErrorCode, codecDepthMax } from "./codec.ts";

/** Whether a key could reach an object's prototype when somebody copies it carelessly. */
export function isForbiddenKey(key: unknown): boolean {
  return key === "__proto__" || key === "constructor" || key === "prototype";
}

/**
 * Whether UTF-8 and back leaves a text as it is: no half of a surrogate pair, and no byte-order mark
 * at its start, which decoders drop.
 */
export function isExactText(text: string): boolean {
  return text.isWellFormed() && text.charCodeAt(0) !== 0xfeff;
}

/** The error for a forbidden key. */
export function forbiddenKey(key: string): MosaikError<CodecErrorCode> {
  return new MosaikError("CODEC_FORBIDDEN_KEY", `an object may not have the key '${key}'`);
}

/** The error for a value that nests too deeply. */
export function tooDeep(): MosaikError<CodecErrorCode> {
  return new MosaikError("CODEC_TOO_DEEP", `values nest at most ${codecDepthMax} levels deep`);
}

/** Whether a value is an object that a literal makes, or one without a prototype. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Checks a value that JSON could have made: plain objects and arrays to {@link codecDepthMax}
 * levels, no forbidden key.
 *
 * @throws MosaikError with `CODEC_TOO_DEEP` or `CODEC_FORBIDDEN_KEY`.
 */
export function throwIfBadShape(value: unknown, depthLeft: number = codecDepthMax): void {
  if (typeof value !== "object" || value === null) return;
  if (depthLeft === 0) throw tooDeep();
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) throwIfBadShape(value[index], depthLeft - 1);
    return;
  }
  for (const key in value) {
    if (isForbiddenKey(key)) throw forbiddenKey(key);
    throwIfBadShape((value as Record<string, unknown>)[key], depthLeft - 1); // a key of it
  }
}

/**
 * Whether JSON writes the value exactly as it is, in a shape that decodes: only JSON's own kinds,
 * not too deep, no forbidden key. `false` promises nothing. A cycle counts as too deep.
 */
export function isPlainJson(value: unknown, depthLeft: number = codecDepthMax): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || depthLeft === 0) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (!isPlainJson(value[index], depthLeft - 1)) return false;
    }
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key in value) {
    if (isForbiddenKey(key)) return false;
    if (!isPlainJson((value as Record<string, unknown>)[key], depthLeft - 1)) return false; // its key
  }
  return true;
}
