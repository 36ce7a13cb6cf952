import { encodeUtf8 } from "./bytes.ts";
import { cborCodec } from "./codec/cbor.ts";
import type { CodecErrorCode } from "./codec/codec.ts";
import { MosaikError } from "./error.ts";
import { fail, type Result } from "./result.ts";
import { type Schema, validate } from "./schema.ts";

/** Why the bytes of a message were refused. */
export type MessageErrorCode =
  | "MESSAGE_TOO_LARGE"
  | "MESSAGE_MALFORMED"
  /** The bytes decode, but not to what the schema describes. */
  | "MESSAGE_MISMATCH";

/** A kind of message that peers exchange: canonical CBOR, checked against a schema and a size. */
export interface Message<Value> {
  /** What it is, in an error's words; also the domain of its signatures. 1 to 255 bytes of UTF-8. */
  readonly name: string;
  /** More bytes than this are neither written nor read. */
  readonly bytesMax: number;
  /**
   * The canonical bytes of a value. The schema is left to the compiler here, and to the reader.
   *
   * @throws MosaikError with `MESSAGE_TOO_LARGE`, or a code of {@link CodecErrorCode}.
   */
  encode(value: Value): Uint8Array;
  /** The value of bytes. Total: never throws. */
  decode(bytes: Uint8Array): Result<Value, MosaikError<MessageErrorCode>>;
}

/**
 * Declares a kind of message. A schema that changes values must take its own results.
 *
 * @example
 * ```ts
 * import { defineMessage } from "@mosaik/primitives";
 * import * as v from "valibot";
 *
 * const Ping = defineMessage({ name: "ping", bytesMax: 64, schema: v.strictObject({ at: v.number() }) });
 * console.log(Ping.decode(Ping.encode({ at: 1 }))); // { ok: true, value: { at: 1 } }
 * ```
 *
 * @throws `RangeError` where the name is empty or too long.
 */
export function defineMessage<Value>(init: {
  readonly name: string;
  readonly bytesMax: number;
  readonly schema: Schema<Value>;
}): Message<Value> {
  const { name, bytesMax, schema } = init;
  const nameBytes = encodeUtf8(name).byteLength;
  if (nameBytes < 1 || nameBytes > 255) {
    throw new RangeError(`a message's name has 1 to 255 bytes, not ${nameBytes}`);
  }
  const tooLarge = (bytes: number): MosaikError<MessageErrorCode> =>
    new MosaikError("MESSAGE_TOO_LARGE", `${name} has ${bytes} bytes; ${bytesMax} are allowed`);
  return {
    name,
    bytesMax,
    encode(value) {
      const bytes = cborCodec.encode(value);
      if (bytes.byteLength > bytesMax) throw tooLarge(bytes.byteLength);
      return bytes;
    },
    decode(bytes) {
      if (bytes.byteLength > bytesMax) return fail(tooLarge(bytes.byteLength));
      const decoded = cborCodec.decode(bytes);
      if (!decoded.ok) {
        const cause = decoded.error;
        return fail(new MosaikError("MESSAGE_MALFORMED", `${name}: ${cause.message}`, { cause }));
      }
      const checked = validate(schema, decoded.value);
      if (checked.ok) return checked;
      const cause = checked.error;
      return fail(new MosaikError("MESSAGE_MISMATCH", `${name}: ${cause.message}`, { cause }));
    },
  };
}
