import type { StoreKey } from "./core/keys.ts";
import { type StoreDefinition, signatureOf } from "./definition.ts";
import { QueueOperations, QueueReading, QueueWriting } from "./handles/queue-handle.ts";
import type { PriorityRange } from "./machines/priority.ts";
import { type QueueEntry, type QueueEvent, QueueMachine } from "./machines/queue-machine.ts";
import type { UpdateArgument, Updates } from "./machines/updates.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";
import { type KeyedInit, valueRules } from "./values-init.ts";

/**
 * What a priority queue shows: entries by key, and in the order of their priorities, those of one
 * priority by key. Values are shared and frozen: copy them to change them.
 */
export interface PriorityQueueView<Key, Value> extends Iterable<QueueEntry<Key, Value>> {
  readonly size: number;
  /** Entries that it may hold; infinite where it is not bounded. */
  readonly capacity: number;
  get(key: Key): QueueEntry<Key, Value> | undefined;
  has(key: Key): boolean;
  /** The entry of the lowest priority. */
  readonly min: QueueEntry<Key, Value> | undefined;
  /** The entry of the highest priority. */
  readonly max: QueueEntry<Key, Value> | undefined;
  /** The entries as they are at the call, from the lowest priority on. */
  entries(options?: { readonly reverse?: boolean }): IterableIterator<QueueEntry<Key, Value>>;
}

/** How to change a priority queue, at once or in a batch. A priority is a finite number. */
export interface PriorityQueueWrites<Key, Value, Known extends Updates<Value>, How extends Mode> {
  /**
   * Sets priority and value of a key. Where the queue is full, the lowest entry is evicted: not applied
   * where that is this one.
   */
  set(
    priority: number,
    key: Key,
    value: Value,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Sets priority and value of a key that is not there. */
  setIfAbsent(
    priority: number,
    key: Key,
    value: Value,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /**
   * Sets many. Of more than about 64 KiB or 256 entries each part takes effect as one, not the
   * whole: in a batch there is no such limit but the batch's.
   */
  setMany(
    entries: Iterable<QueueEntry<Key, Value>>,
    ...options: Options<How>
  ): Written<How, Counted>;
  /** Changes the priority of a key that is there. */
  setPriority(key: Key, priority: number, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Changes the value of a key that is there. */
  setValue(key: Key, value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Replaces a value where it is the one expected; takes the key out where `next` is `undefined`. */
  compareAndSet(
    key: Key,
    expected: Value,
    next: Value | undefined,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Changes the value of a key that is there by an update of the definition. */
  update<Name extends keyof Known & string>(
    key: Key,
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Takes a key out. */
  remove(key: Key, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Takes the entry of the lowest priority out; no two callers get the same. */
  popMin(...options: Options<How>): Written<How, Outcome<QueueEntry<Key, Value>>>;
  /** Takes the entry of the highest priority out; no two callers get the same. */
  popMax(...options: Options<How>): Written<How, Outcome<QueueEntry<Key, Value>>>;
  /** Takes many keys out; like `setMany`. */
  removeMany(keys: Iterable<Key>, ...options: Options<How>): Written<How, Counted>;
  /** Takes the priorities of a range out. */
  removeRange(range: PriorityRange, ...options: Options<How>): Written<How, Counted>;
  /** Takes everything out. */
  clear(...options: Options<How>): Written<How, Outcome<never>>;
}

/** A priority queue for who only reads. */
export interface PriorityQueueReader<Key, Value>
  extends Store<PriorityQueueView<Key, Value>, QueueEvent<Key, Value>>,
    PriorityQueueView<Key, Value> {}

/** A priority queue for who writes. */
export interface PriorityQueueWriter<Key, Value, Known extends Updates<Value> = Updates<Value>>
  extends PriorityQueueReader<Key, Value>,
    PriorityQueueWrites<Key, Value, Known, "now"> {
  /**
   * Carries out several changes as one: all of them or, where one is refused, none.
   *
   * @throws as every write; `STORE_CHANGE_TOO_LARGE` from 512 KiB on.
   */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: PriorityQueueWrites<Key, Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
}

/**
 * Declares a double-ended priority queue, by priority and by key; bounded where it has a capacity.
 * Makes nothing yet: all members import the declaration.
 *
 * @throws `RangeError` where the capacity is not a whole number above 0, the name has not 1 to 128
 * characters, or the version is not a whole number from 0 to 65535.
 * @example
 * ```ts
 * import { definePriorityQueue } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Jobs = definePriorityQueue({
 *   name: "jobs",
 *   durability: "fsync",
 *   key: z.string(),
 *   value: z.object({ url: z.string() }),
 *   capacity: 10_000,
 * });
 * console.log(Jobs.kind); // priority-queue
 * ```
 */
export function definePriorityQueue<
  Key extends StoreKey,
  Value,
  const Known extends Updates<Value> = Record<never, never>,
>(
  init: KeyedInit<Key, Value, Known> & {
    /** Entries that it may hold: beyond it the lowest is evicted. Default: no bound. */
    readonly capacity?: number;
  },
): StoreDefinition<
  PriorityQueueReader<Key, Value>,
  PriorityQueueWriter<Key, Value, Known>,
  PriorityQueueWrites<Key, Value, Known, "batch">
> {
  const { capacity = Number.POSITIVE_INFINITY } = init;
  if (capacity < 1 || !(Number.isInteger(capacity) || capacity === Number.POSITIVE_INFINITY)) {
    throw new RangeError("a capacity is a whole number above 0");
  }
  const { values, updates, codecId, updateNames } = valueRules(init);
  const rules = { keys: init.key, values, updates, capacity };
  const batch = (store: number): QueueOperations<Key, Value, Known> =>
    new QueueOperations(new OperationMaker(store, rules), rules.values);
  const { name, durability } = init;
  const kind = "priority-queue";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init, codecId, String(capacity), ...updateNames),
    stores: [{ name, kind, machine: () => new QueueMachine<Key, Value>(rules) }],
    reader: (access) => new QueueReading(access),
    writer: (access) => new QueueWriting(access, batch(access.store)),
    batch,
  };
}
