import type { ListReader, ListView, ListWriter, ListWrites } from "../list.ts";
import type { ListEvent, ListMachine } from "../machines/list-machine.ts";
import type { UpdateArgument, Updates } from "../machines/updates.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { Counted, Outcome, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a list. */
export class ListOperations<Value, Known extends Updates<Value>>
  implements ListWrites<Value, Known, "batch">
{
  readonly #to: OperationMaker<never, Value>;

  constructor(to: OperationMaker<never, Value>) {
    this.#to = to;
  }

  push(value: Value): Operation<Outcome<never>> {
    return this.#to.plain("push", value, () => [[this.#to.pack(value)]]);
  }

  pushMany(values: Iterable<Value>): Operation<Counted> {
    const value = [...values];
    const parts = (): unknown[] => [value.map((each) => this.#to.pack(each))];
    const read = (_: unknown, version: number): Counted => ({ count: value.length, version });
    return this.#to.make("push", value, parts, read);
  }

  unshift(value: Value): Operation<Outcome<never>> {
    return this.#to.plain("unshift", value, () => [[this.#to.pack(value)]]);
  }

  insert(index: number, value: Value): Operation<Outcome<never>> {
    return this.#to.plain("insert", value, () => [index, [this.#to.pack(value)]]);
  }

  set(index: number, value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set", value, () => [index, this.#to.pack(value)]);
  }

  compareAndSet(index: number, expected: Value, next: Value): Operation<Outcome<Value>> {
    const parts = (): unknown[] => [index, this.#to.pack(expected), this.#to.pack(next)];
    return this.#to.value("swap-value", next, parts);
  }

  update(index: number, name: string, argument: unknown): Operation<Outcome<Value>> {
    return this.#to.value("update", argument, () => [index, name, this.#to.argument(argument)]);
  }

  swap(one: number, other: number): Operation<Outcome<never>> {
    return this.#to.plain("swap", undefined, () => [one, other]);
  }

  remove(index: number): Operation<Outcome<Value>> {
    return this.#to.value("remove", undefined, () => [index, 1]);
  }

  pop(): Operation<Outcome<Value>> {
    return this.#to.value("pop", undefined, () => []);
  }

  shift(): Operation<Outcome<Value>> {
    return this.#to.value("shift", undefined, () => []);
  }

  truncate(length: number): Operation<Counted> {
    return this.#to.counted("truncate", undefined, () => [length]);
  }

  clear(): Operation<Outcome<never>> {
    return this.#to.plain("clear", undefined, () => []);
  }
}

/** A list for who only reads. */
export class ListReading<Value>
  extends StoreHandle<ListMachine<Value>, ListView<Value>, ListEvent<Value>>
  implements ListReader<Value>
{
  get size(): number {
    return this.machine.size;
  }

  at(index: number): Value | undefined {
    return this.machine.at(index);
  }

  values(from?: number, to?: number): IterableIterator<Value> {
    return this.machine.values(from, to);
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.values();
  }
}

/** A list for who writes. */
export class ListWriting<Value, Known extends Updates<Value>>
  extends ListReading<Value>
  implements ListWriter<Value, Known>
{
  readonly #to: ListOperations<Value, Known>;

  constructor(access: StoreAccess, to: ListOperations<Value, Known>) {
    super(access);
    this.#to = to;
  }

  push(value: Value, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.push(value), options);
  }

  pushMany(values: Iterable<Value>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(values, (part) => this.#to.pushMany(part), options);
  }

  unshift(value: Value, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.unshift(value), options);
  }

  insert(index: number, value: Value, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.insert(index, value), options);
  }

  set(index: number, value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.set(index, value), options);
  }

  compareAndSet(
    index: number,
    expected: Value,
    next: Value,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.compareAndSet(index, expected, next), options);
  }

  update<Name extends keyof Known & string>(
    index: number,
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.update(index, name, argument), options);
  }

  swap(one: number, other: number, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.swap(one, other), options);
  }

  remove(index: number, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.remove(index), options);
  }

  pop(options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.pop(), options);
  }

  shift(options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.shift(), options);
  }

  truncate(length: number, options?: WriteOptions): Promise<Counted> {
    return this.run(() => this.#to.truncate(length), options);
  }

  clear(options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.clear(), options);
  }

  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: ListWrites<Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>> {
    return this.runBatch(() => build(this.#to), options);
  }
}
