import { type StoreDefinition, signatureOf } from "./definition.ts";
import { ListOperations, ListReading, ListWriting } from "./handles/list-handle.ts";
import { type ListEvent, ListMachine } from "./machines/list-machine.ts";
import type { UpdateArgument, Updates } from "./machines/updates.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";
import { type ValuesInit, valueRules } from "./values-init.ts";

/** What a list shows. Values are shared and frozen: copy them to change them. */
export interface ListView<Value> extends Iterable<Value> {
  readonly size: number;
  /** The value at an index; from the end where it is below 0; absent where there is none. */
  at(index: number): Value | undefined;
  /** The values from an index up to another, excluded, as they are at the call. */
  values(from?: number, to?: number): IterableIterator<Value>;
}

/**
 * How to change a list, at once or in a batch. Indices mean the list at the place that the leader
 * gives the change; one that it does not have refuses the change with `STORE_REJECTED`.
 */
export interface ListWrites<Value, Known extends Updates<Value>, How extends Mode> {
  /** Adds a value at the end. */
  push(value: Value, ...options: Options<How>): Written<How, Outcome<never>>;
  /**
   * Adds many values at the end. Of more than about 64 KiB or 256 values each part takes effect as
   * one, not the whole: in a batch there is no such limit but the batch's.
   */
  pushMany(values: Iterable<Value>, ...options: Options<How>): Written<How, Counted>;
  /** Adds a value at the beginning. */
  unshift(value: Value, ...options: Options<How>): Written<How, Outcome<never>>;
  /** Adds a value before the one at an index, which may be the size. */
  insert(index: number, value: Value, ...options: Options<How>): Written<How, Outcome<never>>;
  /** Replaces the value at an index. */
  set(index: number, value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Replaces the value at an index where it is the one expected: where their bytes are the same. */
  compareAndSet(
    index: number,
    expected: Value,
    next: Value,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Changes the value at an index by an update of the definition; takes it out where that is `undefined`. */
  update<Name extends keyof Known & string>(
    index: number,
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Exchanges two values; not applied where the indices are the same. */
  swap(one: number, other: number, ...options: Options<How>): Written<How, Outcome<never>>;
  /** Takes the value at an index out. */
  remove(index: number, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Takes the last value out; not applied where there is none. */
  pop(...options: Options<How>): Written<How, Outcome<Value>>;
  /** Takes the first value out; not applied where there is none. */
  shift(...options: Options<How>): Written<How, Outcome<Value>>;
  /** Takes out what is beyond a length. */
  truncate(length: number, ...options: Options<How>): Written<How, Counted>;
  /** Takes everything out. */
  clear(...options: Options<How>): Written<How, Outcome<never>>;
}

/** A list for who only reads. */
export interface ListReader<Value>
  extends Store<ListView<Value>, ListEvent<Value>>,
    ListView<Value> {}

/** A list for who writes. */
export interface ListWriter<Value, Known extends Updates<Value> = Updates<Value>>
  extends ListReader<Value>,
    ListWrites<Value, Known, "now"> {
  /**
   * Carries out several changes as one: all of them or, where one is refused, none.
   *
   * @throws as every write; `STORE_CHANGE_TOO_LARGE` from 512 KiB on.
   */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: ListWrites<Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
}

/**
 * Declares a list. Reading and changing it anywhere takes about the square root of its length. Makes
 * nothing yet: all members import the declaration.
 *
 * @throws `RangeError` where the name has not 1 to 128 characters, or the version is not a whole number
 * from 0 to 65535.
 * @example
 * ```ts
 * import { defineList } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Steps = defineList({ name: "steps", durability: "fsync", value: z.string() });
 * console.log(Steps.kind); // list
 * ```
 */
export function defineList<Value, const Known extends Updates<Value> = Record<never, never>>(
  init: ValuesInit<Value, Known>,
): StoreDefinition<ListReader<Value>, ListWriter<Value, Known>, ListWrites<Value, Known, "batch">> {
  const { values, updates, codecId, updateNames } = valueRules(init);
  const rules = { values, updates };
  const batch = (store: number): ListOperations<Value, Known> =>
    new ListOperations(new OperationMaker(store, rules));
  const { name, durability } = init;
  const kind = "list";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init, codecId, ...updateNames),
    stores: [{ name, kind, machine: () => new ListMachine<Value>(rules) }],
    reader: (access) => new ListReading(access),
    writer: (access) => new ListWriting(access, batch(access.store)),
    batch,
  };
}
