import { type Codec, type Digest, digest, type PeerId, superjsonCodec } from "@mosaik/primitives";
import type { StreamDefinition } from "@mosaik/streams";

/** Where an item that is folded came from. */
export interface FoldContext {
  readonly producer: PeerId;
  readonly incarnation: string;
  readonly sequence: number;
}

/** How the items of a stream become state: entries by key. */
export interface ViewDefinition<Item, Value> {
  readonly name: string;
  readonly from: StreamDefinition<Item>;
  /** Names what follows from the definition: nodes with different ones do not share their states. */
  readonly id: Digest;
  readonly version: number;
  readonly key: (item: Item, context: FoldContext) => string | undefined;
  readonly initial: (key: string) => Value;
  readonly reduce: (value: Value, item: Item, context: FoldContext) => Value | undefined;
  readonly codec: Codec<Value>;
}

/**
 * Declares a view: a fold of a stream into entries by key, the same on every node. Makes nothing yet.
 *
 * Items of one producer are folded in their order. Those of different producers are folded as they
 * arrive, so that nodes agree where `reduce` gives the same whatever the order of different
 * producers' items (counts, sums, maxima, or a key for each producer). It must be deterministic, and
 * give a new value instead of changing the old one.
 *
 * @throws `RangeError` where the name is empty or longer than 128 characters, or the version is not a
 * whole number from 0 to 65535.
 * @example
 * ```ts
 * import { defineView } from "@mosaik/store";
 * import { defineStream } from "@mosaik/streams";
 * import { z } from "zod";
 *
 * const Reading = defineStream("reading", { schema: z.object({ id: z.string(), celsius: z.number() }) });
 * const Warmest = defineView({
 *   name: "warmest",
 *   from: Reading,
 *   key: ({ id }) => id,
 *   initial: () => Number.NEGATIVE_INFINITY,
 *   reduce: (warmest, { celsius }) => Math.max(warmest, celsius),
 * });
 * console.log(Warmest.version); // 1
 * ```
 */
export function defineView<Item, Value>(init: {
  readonly name: string;
  readonly from: StreamDefinition<Item>;
  /** Which entry an item belongs to; `undefined`: to none. Default: all to one, with an empty key. */
  readonly key?: (item: Item, context: FoldContext) => string | undefined;
  /** An entry before its first item. */
  readonly initial: (key: string) => Value;
  /** An entry after an item; `undefined` removes it. */
  readonly reduce: (value: Value, item: Item, context: FoldContext) => Value | undefined;
  /** Raise it with every change of `key`, `initial` or `reduce`: states are then folded anew. Default: 1. */
  readonly version?: number;
  /** How entries travel. Default: superjson. */
  readonly codec?: Codec<Value>;
}): ViewDefinition<Item, Value> {
  const { name, from, key = () => "", initial, reduce, version = 1 } = init;
  if (name.length === 0 || name.length > 128) {
    throw new RangeError("a view's name has 1 to 128 characters");
  }
  if (!Number.isInteger(version) || version < 0 || version > 0xffff) {
    throw new RangeError("a view's version is a whole number from 0 to 65535");
  }
  const codec = init.codec ?? (superjsonCodec as Codec<Value>); // what `reduce` gives it must be able to
  const parts = [name, `${version}`, codec.id, from.id, `${from.version}`, from.codec.id];
  return { name, from, id: digest("mosaik/view", ...parts), version, key, initial, reduce, codec };
}
