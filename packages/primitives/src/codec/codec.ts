import type { MosaikError } from "../error.ts";
import type { Result } from "../result.ts";

/** Why bytes do not decode, or a value does not encode. */
export type CodecErrorCode =
  /** The bytes are not of this codec: garbage, cut off, or with something after the end. */
  | "CODEC_MALFORMED"
  /** The value is nested too deeply. */
  | "CODEC_TOO_DEEP"
  /** A key that could reach an object's prototype: `__proto__`, `constructor` or `prototype`. */
  | "CODEC_FORBIDDEN_KEY"
  /** The value has no form in this codec. */
  | "CODEC_UNENCODABLE";

/**
 * Turns values into bytes and back. Peers compare codec ids before they exchange anything.
 *
 * A decoder is total: whatever the bytes, it returns, never throws, and leaves no prototype changed.
 */
export interface Codec<Value = unknown> {
  /** Names the codec on the wire, its format's version included: `superjson/2`. */
  readonly id: string;
  /**
   * The bytes of a value.
   *
   * @throws MosaikError with `CODEC_UNENCODABLE`, `CODEC_TOO_DEEP` or `CODEC_FORBIDDEN_KEY`: what
   * would not decode is not encoded either.
   */
  encode(value: Value): Uint8Array;
  /** The value of bytes. May refer to them instead of copying: do not change them afterwards. */
  decode(bytes: Uint8Array): Result<Value, MosaikError<CodecErrorCode>>;
}

/** How deep values may nest. */
export const codecDepthMax = 64;
