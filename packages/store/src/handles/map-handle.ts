import type { StoreKey } from "../core/keys.ts";
import type { MapEvent, MapMachine } from "../machines/map-machine.ts";
import type { UpdateArgument, Updates } from "../machines/updates.ts";
import type { MapReader, MapView, MapWriter, MapWrites } from "../map.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { KeyRange } from "../sorted-tree.ts";
import type { Counted, Outcome, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a map. */
export class MapOperations<Key extends StoreKey, Value, Known extends Updates<Value>>
  implements MapWrites<Key, Value, Known, "batch">
{
  readonly #to: OperationMaker<Key, Value>;

  constructor(to: OperationMaker<Key, Value>) {
    this.#to = to;
  }

  set(key: Key, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set", value, () => [this.#to.key(key), this.#to.pack(value)]);
  }

  setIfAbsent(key: Key, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("add", value, () => [this.#to.key(key), this.#to.pack(value)]);
  }

  compareAndSet(
    key: Key,
    expected: Value | undefined,
    next: Value | undefined,
  ): Operation<Outcome<Value>> {
    const values = [expected, next];
    return this.#to.value("swap", next, () => [
      this.#to.key(key),
      ...values.map((value) => this.#to.packOptional(value)),
    ]);
  }

  update(key: Key, name: string, argument: unknown): Operation<Outcome<Value>> {
    const parts = (): unknown[] => [this.#to.key(key), name, this.#to.argument(argument)];
    return this.#to.value("update", argument, parts);
  }

  remove(key: Key): Operation<Outcome<Value>> {
    return this.#to.value("remove", key, () => [this.#to.key(key)]);
  }

  setMany(entries: Iterable<readonly [Key, Value]>): Operation<Counted> {
    return this.#to.many("set-many", entries, ([key, value]) => [
      this.#to.key(key),
      this.#to.pack(value),
    ]);
  }

  removeMany(keys: Iterable<Key>): Operation<Counted> {
    return this.#to.many("remove-many", keys, (key) => this.#to.key(key));
  }

  clear(): Operation<Outcome<never>> {
    return this.#to.plain("clear", undefined, () => []);
  }
}

/** A map for who only reads. */
export class MapReading<Key extends StoreKey, Value>
  extends StoreHandle<MapMachine<Key, Value>, MapView<Key, Value>, MapEvent<Key, Value>>
  implements MapReader<Key, Value>
{
  get size(): number {
    return this.machine.size;
  }

  get(key: Key): Value | undefined {
    return this.machine.get(key);
  }

  has(key: Key): boolean {
    return this.machine.has(key);
  }

  entries(range?: KeyRange<Key>): IterableIterator<[Key, Value]> {
    return this.machine.entries(range);
  }

  keys(range?: KeyRange<Key>): IterableIterator<Key> {
    return this.machine.keys(range);
  }

  values(range?: KeyRange<Key>): IterableIterator<Value> {
    return this.machine.values(range);
  }

  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.entries();
  }
}

/** A map for who writes. */
export class MapWriting<Key extends StoreKey, Value, Known extends Updates<Value>>
  extends MapReading<Key, Value>
  implements MapWriter<Key, Value, Known>
{
  readonly #to: MapOperations<Key, Value, Known>;

  constructor(access: StoreAccess, to: MapOperations<Key, Value, Known>) {
    super(access);
    this.#to = to;
  }

  set(key: Key, value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.set(key, value), options);
  }

  setIfAbsent(key: Key, value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.setIfAbsent(key, value), options);
  }

  compareAndSet(
    key: Key,
    expected: Value | undefined,
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

  setMany(entries: Iterable<readonly [Key, Value]>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(entries, (part) => this.#to.setMany(part), options);
  }

  removeMany(keys: Iterable<Key>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(keys, (part) => this.#to.removeMany(part), options);
  }

  clear(options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.clear(), options);
  }

  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: MapWrites<Key, Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>> {
    return this.runBatch(() => build(this.#to), options);
  }
}
