/**
 * The outcome of something that may fail for reasons the caller should expect: what decoders and
 * parsers of foreign bytes return instead of throwing.
 */
export type Result<Value, Failure = Error> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

/** A success. */
export function ok<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

/** A failure. */
export function fail<Failure>(error: Failure): Result<never, Failure> {
  return { ok: false, error };
}
