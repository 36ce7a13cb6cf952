import { isMosaikError, MosaikError } from "../error.ts";
import { fail, ok, type Result } from "../result.ts";
import type { CodecErrorCode } from "./codec.ts";

/** Decodes with a library that throws; whatever it throws becomes `CODEC_MALFORMED`. */
export function attemptDecode<Value>(
  id: string,
  decode: () => Value,
): Result<Value, MosaikError<CodecErrorCode>> {
  try {
    return ok(decode());
  } catch (cause) {
    if (isMosaikError<CodecErrorCode>(cause)) return fail(cause);
    return fail(new MosaikError("CODEC_MALFORMED", `the bytes are not ${id}`, { cause }));
  }
}

/**
 * Encodes with a library that throws.
 *
 * @throws MosaikError with `CODEC_UNENCODABLE` for whatever it throws.
 */
export function attemptEncode(id: string, encode: () => Uint8Array): Uint8Array {
  try {
    return encode();
  } catch (cause) {
    if (isMosaikError<CodecErrorCode>(cause)) throw cause;
    throw new MosaikError("CODEC_UNENCODABLE", `the value has no form in ${id}`, { cause });
  }
}
