import { ok } from "../result.ts";
import type { Codec } from "./codec.ts";

/** Bytes as they are: no copy, no cost. */
export const rawCodec: Codec<Uint8Array> = {
  id: "raw/1",
  encode(value) {
    if (!(value instanceof Uint8Array)) throw new TypeError("the raw codec takes a Uint8Array");
    return value;
  },
  decode: (bytes) => ok(bytes),
};
