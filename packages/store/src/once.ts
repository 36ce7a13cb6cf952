import { type Codec, type Schema, superjsonCodec } from "@mosaik/primitives";
import type { CellView } from "./cell.ts";
import { type StoreDefinition, type StoreInit, signatureOf } from "./definition.ts";
import { OnceOperations, OnceReading, OnceWriting } from "./handles/once-handle.ts";
import { type CellEvent, CellMachine } from "./machines/cell-machine.ts";
import { Values } from "./machines/values.ts";
import type { Mode, Options, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { Outcome, Store, WaitOptions } from "./store.ts";

/** How to write a once. */
export interface OnceWrites<Value, How extends Mode> {
  /** Sets the value, for good; not applied where there is one, which is told as `previous`. */
  set(value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
}

/** A once for who only reads. */
export interface OnceReader<Value>
  extends Store<CellView<Value>, CellEvent<Value>>,
    CellView<Value> {
  /**
   * The value, as soon as there is one here.
   *
   * @throws the reason of `signal`; MosaikError with `CONDITION_CLOSED` where the store is closed.
   */
  settled(options?: WaitOptions): Promise<Value>;
}

/** A once for who writes. */
export interface OnceWriter<Value> extends OnceReader<Value>, OnceWrites<Value, "now"> {}

/**
 * Declares a once: a value that is set by whoever comes first, and stays. Makes nothing yet: all
 * members import the declaration.
 *
 * @throws `RangeError` where the name has not 1 to 128 characters, or the version is not a whole number
 * from 0 to 65535.
 * @example
 * ```ts
 * import { defineOnce } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Genesis = defineOnce({ name: "genesis", durability: "fsync", value: z.string() });
 * console.log(Genesis.kind); // once
 * ```
 */
export function defineOnce<Value>(
  init: StoreInit & {
    readonly value: Schema<Value>;
    /** How the value becomes bytes. Default: superjson. */
    readonly codec?: Codec<Value>;
  },
): StoreDefinition<OnceReader<Value>, OnceWriter<Value>, OnceWrites<Value, "batch">> {
  const codec = init.codec ?? (superjsonCodec as Codec<Value>); // the schema checks the rest
  const rules = { values: new Values(codec, init.value), updates: {}, once: true };
  const batch = (store: number): OnceOperations<Value> =>
    new OnceOperations(new OperationMaker(store, rules));
  const { name, durability } = init;
  const kind = "once";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init, codec.id),
    stores: [{ name, kind, machine: () => new CellMachine<Value>(rules) }],
    reader: (access) => new OnceReading(access),
    writer: (access) => new OnceWriting(access, batch(access.store)),
    batch,
  };
}
