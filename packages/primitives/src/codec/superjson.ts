import SuperJSON from "superjson";
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import type { Codec } from "./codec.ts";
import { isSuspect, parseJson, throwIfBadShape } from "./json.ts";

/**
 * JSON that keeps dates, maps, sets, bigints, undefined, errors, URLs and regular expressions right
 * (superjson 2). The default. A value that is plain JSON takes a short way and looks the same on the
 * wire. Classes are not revived.
 */
export const superjsonCodec: Codec = {
  id: "superjson/2",
  encode: (value) =>
    attemptEncode("superjson", () => {
      const text = isPlainJson(value) ? `{"json":${JSON.stringify(value)}}` : stringify(value);
      if (isSuspect(text)) throwIfBadShape(JSON.parse(text));
      return encodeUtf8(text);
    }),
  decode: (bytes) =>
    attemptDecode("superjson", () => {
      const parsed = parseJson(decodeUtf8(bytes));
      if (!isEnvelope(parsed)) throw new MosaikError("CODEC_MALFORMED", "no superjson envelope");
      return parsed.meta === undefined
        ? parsed.json
        : SuperJSON.deserialize(parsed as Parameters<typeof SuperJSON.deserialize>[0]); // checked above
    }),
};

function stringify(value: unknown): string {
  return JSON.stringify(SuperJSON.serialize(value));
}

function isEnvelope(value: unknown): value is { json: unknown; meta?: object } {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "json")) return false;
  const { meta } = value as { meta?: unknown }; // an object: checked above
  return meta === undefined || (typeof meta === "object" && meta !== null);
}

/** Whether superjson would add nothing to the value: only JSON's own kinds, no object met twice. */
function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set());
}

function isPlain(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object" || seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) return value.every((item) => isPlain(item, seen));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key of Object.keys(value)) {
    if (!isPlain((value as Record<string, unknown>)[key], seen)) return false; // an own key
  }
  return !("toJSON" in value);
}
