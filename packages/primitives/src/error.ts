const brand = Symbol.for("mosaik.error");

/** What a {@link MosaikError} is made from. */
export interface MosaikErrorInit {
  /** Whether the same call may succeed later without any change by the caller. Default: `false`. */
  readonly retryable?: boolean;
  /** What led to the error. */
  readonly cause?: unknown;
  /** Facts about the failure, by name. A failed send carries its value here. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * The base of every failure that mosaik reports. Misuse (a wrong argument) is a `TypeError` or
 * `RangeError` instead, and a broken invariant is an {@link InvariantError}.
 *
 * @example
 * ```ts
 * import { isMosaikError, MosaikError } from "@mosaik/primitives";
 *
 * const error = new MosaikError("NETWORK_CLOSED", "the network is closed", { retryable: false });
 * console.log(isMosaikError(error, "NETWORK_CLOSED")); // true
 * ```
 */
export class MosaikError<Code extends string = string> extends Error {
  override readonly name: string = "MosaikError";
  /** Stable, machine-readable: what to switch on. */
  readonly code: Code;
  /** Whether the same call may succeed later without any change by the caller. */
  readonly retryable: boolean;
  /** Facts about the failure, by name. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, init: MosaikErrorInit = {}) {
    super(message, init.cause === undefined ? {} : { cause: init.cause });
    this.code = code;
    this.retryable = init.retryable ?? false;
    this.data = init.data ?? {};
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Whether a value is a {@link MosaikError}, of a given code if one is named. Works across copies of
 * the package, where `instanceof` does not.
 */
export function isMosaikError<Code extends string = string>(
  value: unknown,
  code?: Code,
): value is MosaikError<Code> {
  if (typeof value !== "object" || value === null || !(brand in value)) return false;
  return code === undefined || ("code" in value && value.code === code);
}

/** A rule that the code relies on does not hold: a bug in mosaik. The part that broke stops. */
export class InvariantError extends Error {
  override readonly name: string = "InvariantError";
}

/**
 * Asserts a rule that must hold; kept on in production.
 *
 * @throws {@link InvariantError} where it does not.
 */
export function invariant(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new InvariantError(`invariant broken: ${rule}`);
}
