import {
  type Codec,
  type Schema,
  type StreamId,
  streamId,
  superjsonCodec,
} from "@mosaik/primitives";

/** What two sides must agree on to talk. */
export interface StreamIdentity {
  readonly name: string;
  /** Derived from the name. */
  readonly id: StreamId;
  /** Sides with different versions do not talk. */
  readonly version: number;
  /** How items travel; sides whose codecs have different ids do not talk. */
  readonly codec: Pick<Codec, "id">;
  /** Whether items are for their consumers' eyes only: inspectors see that they pass, not what they are. */
  readonly sensitive?: boolean;
}

/** A stream as both sides know it: its name, what its items are, and how they travel. */
export interface StreamDefinition<Item> extends StreamIdentity {
  readonly codec: Codec<Item>;
  /** Checks items on both sides; without one, items are what the codec makes of them. */
  readonly schema: Schema<Item> | undefined;
}

/**
 * Declares a stream. Makes nothing yet: both sides import the declaration.
 *
 * @throws `RangeError` where the name is empty or longer than 128 characters, or the version is not
 * a whole number from 0 to 65535.
 * @example
 * ```ts
 * import { defineStream } from "@mosaik/streams";
 * import { z } from "zod";
 *
 * const Reading = defineStream("sensor.reading", {
 *   schema: z.object({ id: z.string(), celsius: z.number(), at: z.date() }),
 * });
 * console.log(Reading.codec.id); // superjson/2
 * ```
 */
export function defineStream<Item = unknown>(
  name: string,
  options: {
    /** Checks items on both sides. */
    readonly schema?: Schema<Item>;
    /** How items become bytes. Default: superjson. */
    readonly codec?: Codec<Item>;
    /** Raise it with every change of the schema that old peers cannot read. Default: 1. */
    readonly version?: number;
    /** Hides the items from inspectors. Default: no. */
    readonly sensitive?: boolean;
  } = {},
): StreamDefinition<Item> {
  if (name.length === 0 || name.length > 128) {
    throw new RangeError("a stream's name has 1 to 128 characters");
  }
  const version = options.version ?? 1;
  if (!Number.isInteger(version) || version < 0 || version > 0xffff) {
    throw new RangeError("a stream's version is a whole number from 0 to 65535");
  }
  return {
    name,
    id: streamId(name),
    version,
    codec: options.codec ?? (superjsonCodec as Codec<Item>), // the schema, if any, checks the rest
    schema: options.schema,
    sensitive: options.sensitive ?? false,
  };
}
