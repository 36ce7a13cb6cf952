import type { Schema } from "@mosaik/primitives";
import type { StoreKey } from "./core/keys.ts";
import { type StoreDefinition, type StoreInit, signatureOf } from "./definition.ts";
import { SetOperations, SetReading, SetWriting } from "./handles/set-handle.ts";
import { type SetEvent, SetMachine } from "./machines/set-machine.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { KeyRange } from "./sorted-tree.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";

/** What a set shows: its values, sorted. */
export interface SetView<Value> extends Iterable<Value> {
  readonly size: number;
  has(value: Value): boolean;
  /** The values of a range as they are at the call, whatever is written meanwhile. */
  values(range?: KeyRange<Value>): IterableIterator<Value>;
}

/** How to change a set, at once or in a batch. */
export interface SetWrites<Value, How extends Mode> {
  /** Puts a value in; not applied where it is there. */
  add(value: Value, ...options: Options<How>): Written<How, Outcome<never>>;
  /** Takes a value out; not applied where it is not there. */
  remove(value: Value, ...options: Options<How>): Written<How, Outcome<never>>;
  /**
   * Puts many values in. Of more than about 64 KiB or 256 values each part takes effect as one, not
   * the whole: in a batch there is no such limit but the batch's.
   */
  addMany(values: Iterable<Value>, ...options: Options<How>): Written<How, Counted>;
  /** Takes many values out; like `addMany`. */
  removeMany(values: Iterable<Value>, ...options: Options<How>): Written<How, Counted>;
  /** Takes everything out. */
  clear(...options: Options<How>): Written<How, Outcome<never>>;
}

/** A set for who only reads. */
export interface SetReader<Value> extends Store<SetView<Value>, SetEvent<Value>>, SetView<Value> {}

/** A set for who writes. */
export interface SetWriter<Value> extends SetReader<Value>, SetWrites<Value, "now"> {
  /**
   * Carries out several changes as one.
   *
   * @throws as every write; `STORE_CHANGE_TOO_LARGE` from 512 KiB on.
   */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: SetWrites<Value, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
}

/**
 * Declares a set. Makes nothing yet: all members import the declaration.
 *
 * @throws `RangeError` where the name has not 1 to 128 characters, or the version is not a whole number
 * from 0 to 65535.
 * @example
 * ```ts
 * import { defineSet } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Banned = defineSet({ name: "banned", durability: "fsync", value: z.string() });
 * console.log(Banned.kind); // set
 * ```
 */
export function defineSet<Value extends StoreKey>(
  init: StoreInit & { readonly value: Schema<Value> },
): StoreDefinition<SetReader<Value>, SetWriter<Value>, SetWrites<Value, "batch">> {
  const { value: schema } = init;
  const batch = (store: number): SetOperations<Value> =>
    new SetOperations(new OperationMaker(store, { keys: schema }));
  const { name, durability } = init;
  const kind = "set";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init),
    stores: [{ name, kind, machine: () => new SetMachine<Value>(schema) }],
    reader: (access) => new SetReading(access),
    writer: (access) => new SetWriting(access, batch(access.store)),
    batch,
  };
}
