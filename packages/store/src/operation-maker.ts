import { invariant, type Schema } from "@mosaik/primitives";
import type { StoreKey } from "./core/keys.ts";
import { encodeArgument } from "./machines/updates.ts";
import { admitKey, type Values } from "./machines/values.ts";
import { countOutcome, encoding, Operation, plainOutcome, valueOutcome } from "./operation.ts";
import type { Counted, Outcome } from "./store.ts";

/** What a kind's operations are made of: a set has no values, a list no keys. */
export interface OperationRules<Key extends StoreKey, Value> {
  readonly keys?: Schema<Key>;
  readonly values?: Values<Value>;
}

/** Makes the operations of one store: checks and encodes what they carry. */
export class OperationMaker<Key extends StoreKey, Value> {
  readonly #store: number;
  readonly #rules: OperationRules<Key, Value>;

  constructor(store: number, rules: OperationRules<Key, Value>) {
    this.#store = store;
    this.#rules = rules;
  }

  get #values(): Values<Value> {
    const { values } = this.#rules;
    invariant(values !== undefined, "a kind with values has rules for them");
    return values;
  }

  /** One that answers the value that was there. */
  value(name: string, value: unknown, parts: () => readonly unknown[]): Operation<Outcome<Value>> {
    return this.make(name, value, parts, valueOutcome(this.#values));
  }

  /** One that answers no value. */
  plain(name: string, value: unknown, parts: () => readonly unknown[]): Operation<Outcome<never>> {
    return this.make(name, value, parts, plainOutcome);
  }

  /** One that answers how many items it changed. */
  counted(name: string, value: unknown, parts: () => readonly unknown[]): Operation<Counted> {
    return this.make(name, value, parts, countOutcome);
  }

  /** One of many items, that answers how many it changed. */
  many<Item>(
    name: string,
    items: Iterable<Item>,
    encode: (item: Item) => unknown,
  ): Operation<Counted> {
    const value = [...items];
    return this.counted(name, value, () => [value.map(encode)]);
  }

  /** Any. @throws StoreError with `STORE_VALUE_INVALID` */
  make<Result>(
    name: string,
    value: unknown,
    parts: () => readonly unknown[],
    read: Operation<Result>["read"],
  ): Operation<Result> {
    return new Operation(
      this.#store,
      encoding(value, () => [name, ...parts()]),
      value,
      read,
    );
  }

  /** A key to be sent. */
  key(key: Key): Key {
    const { keys } = this.#rules;
    invariant(keys !== undefined, "a kind with keys has a schema for them");
    return admitKey(key, keys);
  }

  /** A value to be sent. */
  pack(value: Value): Uint8Array {
    return this.#values.admit(value);
  }

  /** A value to be sent that may be none. */
  packOptional(value: Value | undefined): Uint8Array | undefined {
    return this.#values.admitOptional(value);
  }

  /** What an update is given. */
  argument(argument: unknown): Uint8Array {
    return encodeArgument(argument);
  }
}
