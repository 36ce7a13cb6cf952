import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import { type Codec, codecDepthMax } from "./codec.ts";
import { isPlainJson, throwIfBadShape } from "./shape.ts";

/** JSON (RFC 8259). What JSON cannot say (dates, maps, bigints, undefined) it loses or refuses. */
export const jsonCodec: Codec = {
  id: "json/1",
  encode: (value) =>
    attemptEncode("JSON", () => {
      const text: string | undefined = JSON.stringify(value);
      if (text === undefined) throw new MosaikError("CODEC_UNENCODABLE", "JSON has no such value");
      if (isSuspect(text) && !isPlainJson(value)) throwIfBadShape(JSON.parse(text));
      return encodeUtf8(text);
    }),
  decode: (bytes) =>
    attemptDecode("JSON", () => {
      const text = decodeUtf8(bytes);
      const value: unknown = JSON.parse(text);
      if (isSuspect(text)) throwIfBadShape(value);
      return value;
    }),
};

/** Whether a text could hold a forbidden key or nest too deeply: cheap, and never wrong about "no". */
export function isSuspect(text: string): boolean {
  return (
    text.includes("__proto__") ||
    text.includes("constructor") ||
    text.includes("prototype") ||
    text.includes("\\u") ||
    bracketsExceedDepth(text)
  );
}

function bracketsExceedDepth(text: string): boolean {
  let brackets = 0;
  for (const open of ["{", "["]) {
    for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) {
      if (++brackets > codecDepthMax) return true;
    }
  }
  return false;
}
