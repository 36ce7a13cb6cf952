import { type Codec, type Schema, superjsonCodec } from "@mosaik/primitives";
import type { StoreInit } from "./definition.ts";
import type { Updates } from "./machines/updates.ts";
import { Values } from "./machines/values.ts";

/** How a collection of values of any type is declared. */
export interface ValuesInit<Value, Known extends Updates<Value>> extends StoreInit {
  readonly value: Schema<Value>;
  /** How values become bytes. Default: superjson. */
  readonly codec?: Codec<Value>;
  /** What `update` may be asked for. */
  readonly updates?: Known;
}

/** How a collection of values by key is declared. */
export interface KeyedInit<Key, Value, Known extends Updates<Value>>
  extends ValuesInit<Value, Known> {
  readonly key: Schema<Key>;
}

/** What the machine of such a collection is made with, and what of it members must agree on. */
export function valueRules<Value, Known extends Updates<Value>>(init: ValuesInit<Value, Known>) {
  const codec = init.codec ?? (superjsonCodec as Codec<Value>); // the schema checks the rest
  const updates = (init.updates ?? {}) as Known; // empty is what it is by default
  const values = new Values(codec, init.value);
  return { values, updates, codecId: codec.id, updateNames: Object.keys(updates).sort() };
}
