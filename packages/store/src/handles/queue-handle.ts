import type { StoreKey } from "../core/keys.ts";
import type { PriorityRange } from "../machines/priority.ts";
import type { QueueEntry, QueueEvent, QueueMachine } from "../machines/queue-machine.ts";
import type { UpdateArgument, Updates } from "../machines/updates.ts";
import type { Values } from "../machines/values.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type {
  PriorityQueueReader,
  PriorityQueueView,
  PriorityQueueWriter,
  PriorityQueueWrites,
} from "../priority-queue.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { Counted, Outcome, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a priority queue. */
export class QueueOperations<Key extends StoreKey, Value, Known extends Updates<Value>>
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

/** A priority queue for who only reads. */
export class QueueReading<Key extends StoreKey, Value>
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

/** A priority queue for who writes. */
export class QueueWriting<Key extends StoreKey, Value, Known extends Updates<Value>>
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
