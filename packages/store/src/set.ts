import type { Schema } from "@mosaik/primitives";
import type { StoreKey } from "./core/keys.ts";
import { type StoreDefinition, type StoreInit, signatureOf } from "./definition.ts";
import { type SetEvent, SetMachine } from "./machines/set-machine.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { StoreAccess } from "./shell/store-access.ts";
import type { KeyRange } from "./sorted-tree.ts";
import type { Counted, Outcome, Store, WriteOptions } from "./store.ts";
import { StoreHandle } from "./store-handle.ts";

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
   * Puts many values in. Of more than about 128 KiB or 1,024 values each part takes effect as one, not
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
  return {
    name: init.name,
    kind: "set",
    durability: init.durability,
    signature: signatureOf("set", init),
    stores: [{ machine: () => new SetMachine<Value>(schema) }],
    reader: (access) => new SetReading(access),
    writer: (access) => new SetWriting(access, batch(access.store)),
    batch,
  };
}

class SetOperations<Value extends StoreKey> implements SetWrites<Value, "batch"> {
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

class SetReading<Value extends StoreKey>
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

class SetWriting<Value extends StoreKey> extends SetReading<Value> implements SetWriter<Value> {
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
