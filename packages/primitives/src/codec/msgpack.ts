import { Packr } from "msgpackr";
import { attemptDecode, attemptEncode } from "./attempt.ts";
import { type Codec, codecDepthMax } from "./codec.ts";
import { throwIfBadShape } from "./json.ts";

const packr = new Packr({ useRecords: false, moreTypes: false, mapsAsObjects: true });

/**
 * MessagePack: compact and the fastest typed codec. Keeps dates and bytes; Maps arrive as plain
 * objects.
 */
export const msgpackCodec: Codec = {
  id: "msgpack/1",
  encode: (value) =>
    attemptEncode("msgpack", () => {
      throwIfBadShape(value);
      return packr.pack(value);
    }),
  decode: (bytes) =>
    attemptDecode("msgpack", () => {
      const value: unknown = packr.unpack(bytes);
      // A level of nesting takes a byte and a forbidden key nine: a short item can hold neither.
      if (bytes.byteLength > Math.min(codecDepthMax, 9)) throwIfBadShape(value);
      return value;
    }),
};
