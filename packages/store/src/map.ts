import type { StoreKey } from "./core/keys.ts";
import { type StoreDefinition, signatureOf } from "./definition.ts";
import { MapOperations, MapReading, MapWriting } from "./handles/map-handle.ts";
import { type MapEvent, MapMachine } from "./machines/map-machine.ts";
import type { UpdateArgument, Updates } from "./machines/updates.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { KeyRange } from "./sorted-tree.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";
import { type KeyedInit, valueRules } from "./values-init.ts";

/** What a map shows: entries sorted by key. Values are shared and frozen: copy them to change them. */
export interface MapView<Key, Value> extends Iterable<[Key, Value]> {
  readonly size: number;
  get(key: Key): Value | undefined;
  has(key: Key): boolean;
  /** The entries of a range as they are at the call, whatever is written meanwhile. */
  entries(range?: KeyRange<Key>): IterableIterator<[Key, Value]>;
  keys(range?: KeyRange<Key>): IterableIterator<Key>;
  values(range?: KeyRange<Key>): IterableIterator<Value>;
}

/** How to change a map, at once or in a batch. */
export interface MapWrites<Key, Value, Known extends Updates<Value>, How extends Mode> {
  /** Sets the value of a key. */
  set(key: Key, value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Sets the value of a key that has none. */
  setIfAbsent(key: Key, value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
  /**
   * Replaces a value where it is the one expected; `undefined` stands for none. Values are the same
   * where their bytes are.
   */
  compareAndSet(
    key: Key,
    expected: Value | undefined,
    next: Value | undefined,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Changes a value by an update of the definition, at the place that the leader gives it. */
  update<Name extends keyof Known & string>(
    key: Key,
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Takes a key out. */
  remove(key: Key, ...options: Options<How>): Written<How, Outcome<Value>>;
  /**
   * Sets many values, in order. Of more than about 64 KiB or 256 entries each part takes effect as
   * one, not the whole: in a batch there is no such limit but the batch's.
   */
  setMany(
    entries: Iterable<readonly [Key, Value]>,
    ...options: Options<How>
  ): Written<How, Counted>;
  /** Takes many keys out; like `setMany`. */
  removeMany(keys: Iterable<Key>, ...options: Options<How>): Written<How, Counted>;
  /** Takes everything out. */
  clear(...options: Options<How>): Written<How, Outcome<never>>;
}

/** A map for who only reads. */
export interface MapReader<Key, Value>
  extends Store<MapView<Key, Value>, MapEvent<Key, Value>>,
    MapView<Key, Value> {}

/** A map for who writes. */
export interface MapWriter<Key, Value, Known extends Updates<Value> = Updates<Value>>
  extends MapReader<Key, Value>,
    MapWrites<Key, Value, Known, "now"> {
  /**
   * Carries out several changes as one: all of them or, where one is refused, none.
   *
   * @throws as every write; `STORE_CHANGE_TOO_LARGE` from 512 KiB on.
   */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: MapWrites<Key, Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
}

/**
 * Declares a map: sorted by key, its values of any type. Makes nothing yet: all members import the
 * declaration.
 *
 * @throws `RangeError` where the name has not 1 to 128 characters, or the version is not a whole number
 * from 0 to 65535.
 * @example
 * ```ts
 * import { defineMap } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Prices = defineMap({
 *   name: "prices",
 *   durability: "memory",
 *   key: z.string(),
 *   value: z.number(),
 *   updates: { raise: (price = 0, by: number) => price + by },
 * });
 * console.log(Prices.kind); // map
 * ```
 */
export function defineMap<
  Key extends StoreKey,
  Value,
  const Known extends Updates<Value> = Record<never, never>,
>(
  init: KeyedInit<Key, Value, Known>,
): StoreDefinition<
  MapReader<Key, Value>,
  MapWriter<Key, Value, Known>,
  MapWrites<Key, Value, Known, "batch">
> {
  const { values, updates, codecId, updateNames } = valueRules(init);
  const rules = { keys: init.key, values, updates };
  const batch = (store: number): MapOperations<Key, Value, Known> =>
    new MapOperations(new OperationMaker(store, rules));
  const { name, durability } = init;
  const kind = "map";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init, codecId, ...updateNames),
    stores: [{ name, kind, machine: () => new MapMachine<Key, Value>(rules) }],
    reader: (access) => new MapReading(access),
    writer: (access) => new MapWriting(access, batch(access.store)),
    batch,
  };
}
