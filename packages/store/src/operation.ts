import { StoreError } from "./errors.ts";
import type { Change, Outcome as RawOutcome } from "./machines/machine.ts";
import type { Values } from "./machines/values.ts";
import type { Counted, Outcome, WriteOptions } from "./store.ts";

/** Whether a method carries a change out, or makes it part of a batch. */
export type Mode = "now" | "batch";

/** What a write answers: its outcome, or an operation for a batch. */
export type Written<How extends Mode, Result> = How extends "now"
  ? Promise<Result>
  : Operation<Result>;

/** What every write takes beside its arguments: a batch has these once for all. */
export type Options<How extends Mode> = How extends "now" ? [options?: WriteOptions] : [];

/** A change of a store that is not carried out yet: for `batch`. */
export class Operation<Result> {
  /** Which store of the group it is for. */
  readonly store: number;
  /** What is to be done, encoded. */
  readonly change: Change;
  /** What was to be written: errors hand it back. */
  readonly value: unknown;
  /** Reads the outcome. */
  readonly read: (outcome: RawOutcome, version: number) => Result;

  constructor(
    store: number,
    change: Change,
    value: unknown,
    read: (outcome: RawOutcome, version: number) => Result,
  ) {
    this.store = store;
    this.change = change;
    this.value = value;
    this.read = read;
  }
}

/** The results of a list of operations. */
export type ResultsOf<Operations extends readonly Operation<unknown>[]> = {
  -readonly [At in keyof Operations]: Operations[At] extends Operation<infer Result>
    ? Result
    : never;
};

/** Reads an outcome whose previous value is one of a codec. */
export function valueOutcome<Value>(
  values: Values<Value>,
): (outcome: RawOutcome, version: number) => Outcome<Value> {
  return ({ applied, previous }, version) => ({
    applied,
    previous: previous === undefined ? undefined : values.revive(previous),
    version,
  });
}

/** Reads an outcome without a previous value. */
export function plainOutcome({ applied }: RawOutcome, version: number): Outcome<never> {
  return { applied, previous: undefined, version };
}

/** Reads the outcome of a change of several items. */
export function countOutcome({ more }: RawOutcome, version: number): Counted {
  const count = more?.[0];
  return { count: typeof count === "number" ? count : 0, version };
}

/** Runs what checks and encodes arguments. @throws StoreError with `STORE_VALUE_INVALID` */
export function encoding<Encoded>(value: unknown, encode: () => Encoded): Encoded {
  try {
    return encode();
  } catch (cause) {
    const message = "a key or value fits neither schema nor codec";
    throw new StoreError("STORE_VALUE_INVALID", message, { cause, data: { value } });
  }
}
