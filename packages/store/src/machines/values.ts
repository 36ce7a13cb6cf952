import { type Codec, equalBytes, type Schema, validate } from "@mosaik/primitives";
import { freezeDeep } from "../core/freeze.ts";
import { isStoreKey, normalKey, type StoreKey } from "../core/keys.ts";
import { Refusal } from "./machine.ts";

/** A value that fits, frozen, and the bytes that it is known by. */
export interface Fitted<Value> {
  readonly value: Value;
  readonly bytes: Uint8Array;
}

/** Turns values and keys of a definition into what travels and is kept, and back. */
export class Values<Value> {
  readonly #codec: Codec<Value>;
  readonly #schema: Schema<Value>;

  constructor(codec: Codec<Value>, schema: Schema<Value>) {
    this.#codec = codec;
    this.#schema = schema;
  }

  /** The bytes of a value that fits. @throws MosaikError */
  encode(value: Value): Uint8Array {
    return this.#codec.encode(value);
  }

  /** The bytes of a value that somebody wants to write. @throws MosaikError where it does not fit */
  admit(value: unknown): Uint8Array {
    const fitted = validate(this.#schema, value);
    if (!fitted.ok) throw fitted.error;
    return this.#codec.encode(fitted.value);
  }

  /** The same, of a value that may be absent. @throws MosaikError where it does not fit */
  admitOptional(value: unknown): Uint8Array | undefined {
    return value === undefined ? undefined : this.admit(value);
  }

  /** A fresh copy of a value of which the bytes are the own. */
  revive(bytes: Uint8Array): Value {
    const decoded = this.#codec.decode(bytes);
    if (!decoded.ok) throw decoded.error;
    return decoded.value;
  }

  /** The value of bytes that arrived. @throws Refusal */
  decode(bytes: unknown): Fitted<Value> {
    return this.#decode(bytes, false);
  }

  /** The value of bytes that {@link encode} made, which need not be made again. @throws Refusal */
  load(bytes: unknown): Fitted<Value> {
    return this.#decode(bytes, true);
  }

  /** The value of bytes that arrived, where there are any. @throws Refusal */
  decodeOptional(bytes: unknown): Fitted<Value> | undefined {
    return bytes === undefined || bytes === null ? undefined : this.decode(bytes);
  }

  /** A value that the schema and the codec accept. @throws Refusal */
  fit(unfitted: unknown): Fitted<Value> {
    const value = this.#valid(unfitted);
    return { value, bytes: this.#encoded(value) };
  }

  #decode(bytes: unknown, areOwn: boolean): Fitted<Value> {
    if (!(bytes instanceof Uint8Array)) throw new Refusal("a value is missing");
    const decoded = this.#codec.decode(bytes);
    if (!decoded.ok) throw new Refusal("a value does not decode");
    const value = this.#valid(decoded.value);
    const isAsDecoded = value === decoded.value; // the schema made no other of it
    return { value, bytes: areOwn && isAsDecoded ? bytes : this.#encoded(value) };
  }

  #valid(unfitted: unknown): Value {
    const fitted = validate(this.#schema, unfitted);
    if (!fitted.ok) throw new Refusal("a value does not fit its schema");
    if (fitted.value === undefined) throw new Refusal("undefined is no value");
    return freezeDeep(fitted.value);
  }

  #encoded(value: Value): Uint8Array {
    try {
      return this.#codec.encode(value);
    } catch {
      throw new Refusal("a value does not encode");
    }
  }
}

/** A key that arrived. @throws Refusal */
export function keyOf<Key extends StoreKey>(part: unknown, schema: Schema<Key>): Key {
  if (!isStoreKey(part)) throw new Refusal("a key is missing");
  const fitted = validate(schema, part);
  if (!fitted.ok || !isStoreKey(fitted.value)) throw new Refusal("a key does not fit its schema");
  return normalKey(fitted.value);
}

/** A list that arrived. @throws Refusal */
export function listOf(part: unknown): readonly unknown[] {
  if (!Array.isArray(part)) throw new Refusal("a list is missing");
  return part;
}

/** A whole number from 0 to `max` that arrived. @throws Refusal */
export function indexOf(part: unknown, max: number): number {
  if (typeof part !== "number" || !Number.isInteger(part)) throw new Refusal("an index is missing");
  if (part < 0 || part > max) throw new Refusal(`index ${part} is outside of 0 to ${max}`);
  return part;
}

/** Whether two values, of which either may be absent, have the same bytes. */
export function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return equalBytes(one, other);
}

/** A key that somebody wants to write. @throws what is wrong with it */
export function admitKey<Key extends StoreKey>(key: Key, schema: Schema<Key>): Key {
  const fitted = validate(schema, key);
  if (!fitted.ok) throw fitted.error;
  if (isStoreKey(fitted.value)) return normalKey(fitted.value);
  throw new TypeError(
    "a key is a text, a number, a bigint of 64 bits, a boolean or a list of these",
  );
}
