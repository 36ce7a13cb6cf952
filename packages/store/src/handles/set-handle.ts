import type { StoreKey } from "../core/keys.ts";
import type { SetEvent, SetMachine } from "../machines/set-machine.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type { SetReader, SetView, SetWriter, SetWrites } from "../set.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { KeyRange } from "../sorted-tree.ts";
import type { Counted, Outcome, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a set. */
export class SetOperations<Value extends StoreKey> implements SetWrites<Value, "batch"> {
  readonly #to: OperationMaker<Value, never>;

  constructor(to: OperationMaker<Value, never>) {
    this.#to = to;
  }

  add(value: Value): Operation<Outcome<never>> {
    return this.#to.plain("add", value, () => [this.#to.key(value)]);
  }

  remove(value: Value): Operation<Outcome<never>> {
    return this.#to.plain("remove", value, () => [this.#to.key(value)]);
  }

  addMany(values: Iterable<Value>): Operation<Counted> {
    return this.#to.many("add-many", values, (value) => this.#to.key(value));
  }

  removeMany(values: Iterable<Value>): Operation<Counted> {
    return this.#to.many("remove-many", values, (value) => this.#to.key(value));
  }

  clear(): Operation<Outcome<never>> {
    return this.#to.plain("clear", undefined, () => []);
  }
}

/** A set for who only reads. */
export class SetReading<Value extends StoreKey>
  extends StoreHandle<SetMachine<Value>, SetView<Value>, SetEvent<Value>>
  implements SetReader<Value>
{
  get size(): number {
    return this.machine.size;
  }

  has(value: Value): boolean {
    return this.machine.has(value);
  }

  values(range?: KeyRange<Value>): IterableIterator<Value> {
    return this.machine.values(range);
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.values();
  }
}

/** A set for who writes. */
export class SetWriting<Value extends StoreKey>
  extends SetReading<Value>
  implements SetWriter<Value>
{
  readonly #to: SetOperations<Value>;

  constructor(access: StoreAccess, to: SetOperations<Value>) {
    super(access);
    this.#to = to;
  }

  add(value: Value, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.add(value), options);
  }

  remove(value: Value, options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.remove(value), options);
  }

  addMany(values: Iterable<Value>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(values, (part) => this.#to.addMany(part), options);
  }

  removeMany(values: Iterable<Value>, options?: WriteOptions): Promise<Counted> {
    return this.runMany(values, (part) => this.#to.removeMany(part), options);
  }

  clear(options?: WriteOptions): Promise<Outcome<never>> {
    return this.run(() => this.#to.clear(), options);
  }

  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: SetWrites<Value, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>> {
    return this.runBatch(() => build(this.#to), options);
  }
}
