import { type Codec, type Schema, superjsonCodec } from "@mosaik/primitives";
import type { StoreKey } from "./core/keys.ts";
import { type StoreDefinition, type StoreInit, signatureOf } from "./definition.ts";
import {
  type PriorityRange,
  type QueueEntry,
  type QueueEvent,
  QueueMachine,
} from "./machines/queue-machine.ts";
import type { UpdateArgument, Updates } from "./machines/updates.ts";
import { Values } from "./machines/values.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { StoreAccess } from "./shell/store-access.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";
import { StoreHandle } from "./store-handle.ts";

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
   * Sets many. Of more than about 128 KiB or 1,024 entries each part takes effect as one, not the
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
  init: StoreInit & {
    readonly key: Schema<Key>;
    readonly value: Schema<Value>;
    /** How values become bytes. Default: superjson. */
    readonly codec?: Codec<Value>;
    /** What `update` may be asked for. */
    readonly updates?: Known;
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
  const codec = init.codec ?? (superjsonCodec as Codec<Value>); // the schema checks the rest
  const updates = (init.updates ?? {}) as Known; // empty is what it is by default
  const rules = { keys: init.key, values: new Values(codec, init.value), updates, capacity };
  const more = [codec.id, String(capacity), ...Object.keys(updates).sort()];
  const batch = (store: number): QueueOperations<Key, Value, Known> =>
    new QueueOperations(new OperationMaker(store, rules), rules.values);
  return {
    name: init.name,
    kind: "priority-queue",
    durability: init.durability,
    signature: signatureOf("priority-queue", init, ...more),
    stores: [{ machine: () => new QueueMachine<Key, Value>(rules) }],
    reader: (access) => new QueueReading(access),
    writer: (access) => new QueueWriting(access, batch(access.store)),
    batch,
  };
}

class QueueOperations<Key extends StoreKey, Value, Known extends Updates<Value>>
  implements PriorityQueueWrites<Key, Value, Known, "batch">
{
  readonly #to: OperationMaker<Key, Value>;
  readonly #values: Values<Value>;

  constructor(to: OperationMaker<Key, Value>, values: Values<Value>) {
    this.#to = to;
    this.#values = values;
  }

  set(priority: number, key: Key, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set", value, () => this.#entry({ priority, key, value }));
  }

  setIfAbsent(priority: number, key: Key, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("add", value, () => this.#entry({ priority, key, value }));
  }

  setMany(entries: Iterable<QueueEntry<Key, Value>>): Operation<Counted> {
    return this.#to.many("set-many", entries, (entry) => this.#entry(entry));
  }

  setPriority(key: Key, priority: number): Operation<Outcome<Value>> {
    return this.#to.value("set-priority", priority, () => [this.#to.key(key), finite(priority)]);
  }

  setValue(key: Key, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set-value", value, () => [this.#to.key(key), this.#to.pack(value)]);
  }

  compareAndSet(key: Key, expected: Value, next: Value | undefined): Operation<Outcome<Value>> {
    return this.#to.value("swap", next, () => [
      this.#to.key(key),
      this.#to.pack(expected),
      this.#to.packOptional(next),
    ]);
  }

  update(key: Key, name: string, argument: unknown): Operation<Outcome<Value>> {
    const parts = (): unknown[] => [this.#to.key(key), name, this.#to.argument(argument)];
    return this.#to.value("update", argument, parts);
  }

  remove(key: Key): Operation<Outcome<Value>> {
    return this.#to.value("remove", key, () => [this.#to.key(key)]);
  }

  popMin(): Operation<Outcome<QueueEntry<Key, Value>>> {
    return this.#pop("min");
  }

  popMax(): Operation<Outcome<QueueEntry<Key, Value>>> {
    return this.#pop("max");
  }

  removeMany(keys: Iterable<Key>): Operation<Counted> {
    return this.#to.many("remove-many", keys, (key) => this.#to.key(key));
  }

  removeRange({ from, below, above, to }: PriorityRange): Operation<Counted> {
    const bounds = [from, below, above, to];
    return this.#to.counted("remove-range", undefined, () =>
      bounds.map((bound) => (bound === undefined ? undefined : finite(bound))),
    );
  }

  clear(): Operation<Outcome<never>> {
    return this.#to.plain("clear", undefined, () => []);
  }

  #entry({ priority, key, value }: QueueEntry<Key, Value>): readonly unknown[] {
    return [finite(priority), this.#to.key(key), this.#to.pack(value)];
  }

  #pop(end: "min" | "max"): Operation<Outcome<QueueEntry<Key, Value>>> {
    return this.#to.make(
      "pop",
      undefined,
      () => [end],
      ({ applied, previous, more }, version) => {
        if (!applied || previous === undefined) return { applied, previous: undefined, version };
        const [priority, key] = more as readonly [number, Key]; // what the machine tells of a pop
        const value = this.#values.revive(previous);
        return { applied, previous: { priority, key, value }, version };
      },
    );
  }
}

function finite(priority: number): number {
  if (Number.isFinite(priority)) return priority;
  throw new RangeError(`a priority is a finite number, not ${priority}`);
}

class QueueReading<Key extends StoreKey, Value>
  extends StoreHandle<
    QueueMachine<Key, Value>,
    PriorityQueueView<Key, Value>,
    QueueEvent<Key, Value>
  >
  implements PriorityQueueReader<Key, Value>
{
  get size(): number {
    return this.machine.size;
  }

  get capacity(): number {
    return this.machine.capacity;
  }

  get min(): QueueEntry<Key, Value> | undefined {
    return this.machine.min;
  }

  get max(): QueueEntry<Key, Value> | undefined {
    return this.machine.max;
  }

  get(key: Key): QueueEntry<Key, Value> | undefined {
    return this.machine.get(key);
  }

  has(key: Key): boolean {
    return this.machine.has(key);
  }

  entries(options?: { readonly reverse?: boolean }): IterableIterator<QueueEntry<Key, Value>> {
    return this.machine.entries(options);
  }

  [Symbol.iterator](): IterableIterator<QueueEntry<Key, Value>> {
    return this.entries();
  }
}

class QueueWriting<Key extends StoreKey, Value, Known extends Updates<Value>>
  extends QueueReading<Key, Value>
  implements PriorityQueueWriter<Key, Value, Known>
{
  readonly #to: QueueOperations<Key, Value, Known>;

  constructor(access: StoreAccess, to: QueueOperations<Key, Value, Known>) {
    super(access);
    this.#to = to;
  }

  set(priority: number, key: Key, value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.set(priority, key, value), options);
  }

  setIfAbsent(
    priority: number,
    key: Key,
    value: Value,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.setIfAbsent(priority, key, value), options);
  }

  setMany(entries: Iterable<QueueEntry<Key, Value>>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(entries, (part) => this.#to.setMany(part), options);
  }

  setPriority(key: Key, priority: number, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.setPriority(key, priority), options);
  }

  setValue(key: Key, value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.setValue(key, value), options);
  }

  compareAndSet(
    key: Key,
    expected: Value,
    next: Value | undefined,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.compareAndSet(key, expected, next), options);
  }

  update<Name extends keyof Known & string>(
    key: Key,
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.update(key, name, argument), options);
  }

  remove(key: Key, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.remove(key), options);
  }

  popMin(options?: WriteOptions): Promise<Outcome<QueueEntry<Key, Value>>> {
    return this.run(() => this.#to.popMin(), options);
  }

  popMax(options?: WriteOptions): Promise<Outcome<QueueEntry<Key, Value>>> {
    return this.run(() => this.#to.popMax(), options);
  }

  removeMany(keys: Iterable<Key>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(keys, (part) => this.#to.removeMany(part), options);
  }

  removeRange(range: PriorityRange, options?: WriteOptions): Promise<Counted> {
    return this.run(() => this.#to.removeRange(range), options);
  }

  clear(options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.clear(), options);
  }

  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: PriorityQueueWrites<Key, Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>> {
    return this.runBatch(() => build(this.#to), options);
  }
}
