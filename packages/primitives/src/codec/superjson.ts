import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import type { Codec } from "./codec.ts";
import { isSuspect } from "./json.ts";
import { isPlainJson, isPlainObject, throwIfBadShape } from "./shape.ts";
import { annotate } from "./superjson-annotate.ts";
import { revive } from "./superjson-revive.ts";

/**
 * JSON that keeps dates, maps, sets, bigints, undefined, errors, URLs, regular expressions and typed
 * arrays right (superjson 2). The default. A value that is plain JSON takes a short way and looks the
 * same on the wire. A value is a tree: an object met twice arrives as two, a cycle is refused, and
 * classes, symbols and custom types are not revived.
 */
export const superjsonCodec: Codec = {
  id: "superjson/2",
  encode: (value) =>
    attemptEncode("superjson", () =>
      encodeUtf8(isPlainJson(value) ? `{"json":${JSON.stringify(value)}}` : annotate(value)),
    ),
  decode: (bytes) =>
    attemptDecode("superjson", () => {
      const text = decodeUtf8(bytes);
      const envelope: unknown = JSON.parse(text);
      if (!isPlainObject(envelope) || !Object.hasOwn(envelope, "json")) throw malformed("envelope");
      const { json, meta } = envelope;
      if (isSuspect(text)) throwIfBadShape(json);
      if (meta === undefined) return json;
      const { v, values } = isPlainObject(meta) ? meta : {};
      if (v !== 1) throw malformed("annotations");
      return values === undefined ? json : revive(json, values);
    }),
};

function malformed(part: string): MosaikError<"CODEC_MALFORMED"> {
  return new MosaikError("CODEC_MALFORMED", `the superjson ${part} is missing or of another kind`);
}
