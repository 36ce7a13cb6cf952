import { defineAction, defineSection } from "@mosaik/transport";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(512));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const figures = { items: count, bytes: count, dropped: count, uptimeMs: v.number() };
const identity = {
  name: text,
  stream: text,
  codec: text,
  version: count,
  /** Whether its items are hidden from inspectors. */
  sensitive: v.boolean(),
  /** Whether its online condition holds. */
  online: v.boolean(),
};

const produced = v.object({
  ...identity,
  /** Which run of the producer this is, and how many items it has sent. */
  incarnation: text,
  sequence: count,
  lag: v.object({ policy: text, itemsMax: count, bytesMax: count }),
  /** By peer; `waiting` is what waits here for it. */
  consumers: v.record(text, v.object({ ...figures, waitingItems: count, waitingBytes: count })),
  /** The last consumers that were refused, and why, by peer. */
  refused: v.record(text, v.object({ at: v.number(), reason: text })),
});

const consumed = v.object({
  ...identity,
  /** Over all producers there ever were; `gaps` are items known to be lost. */
  items: count,
  bytes: count,
  gaps: count,
  /** By peer. */
  producers: v.record(text, v.object(figures)),
  /** Producers in the catalog without a subscription, and why, by peer. */
  refusals: v.record(text, text),
});

/** A producer, and a consumer, as {@link StreamsSection} tells them. */
export type ProducedStream = v.InferOutput<typeof produced>;
/** See {@link ProducedStream}. */
export type ConsumedStream = v.InferOutput<typeof consumed>;

/** What a node produces, by stream, and what it consumes, by the number of the consumer. */
export const StreamsSection = defineSection({
  name: "streams",
  version: 1,
  value: v.object({ produced: v.record(text, produced), consumed: v.record(text, consumed) }),
});

const bytes = v.custom<Uint8Array>((it) => it instanceof Uint8Array);

const sampled = v.object({
  /** When it passed, wall-clock milliseconds of the node. */
  at: v.number(),
  /** Of whom it came; not where this node sent it. */
  producer: v.optional(text),
  sequence: count,
  /** As encoded. */
  bytes: count,
  /** As JSON, cut; not where the stream is sensitive, or the node cannot decode it. */
  text: v.optional(v.string()),
  /** Its first bytes as encoded; not where the stream is sensitive. */
  head: v.optional(bytes),
});

/** An item, as {@link StreamSampleSection} tells it. */
export type SampledItem = v.InferOutput<typeof sampled>;

/**
 * Some of the items of a stream that pass through a node which produces or consumes it: the newest,
 * numbered as they were taken. Nothing is taken until it is read, or after ten seconds in which it
 * was not.
 */
export const StreamSampleSection = defineSection({
  name: "streams.sample",
  version: 1,
  value: v.object({
    sensitive: v.boolean(),
    /** Items that passed since somebody began to look. */
    seen: count,
    items: v.record(text, sampled),
  }),
  query: v.object({ stream: text }),
});

/**
 * Has a node send an item of a stream that it produces: given as JSON, or as the codec encodes it.
 * It must fit the stream's schema.
 */
export const PublishAction = defineAction({
  name: "streams.publish",
  version: 1,
  input: v.object({
    stream: text,
    item: v.union([v.object({ json: v.string() }), v.object({ encoded: bytes })]),
  }),
  output: v.object({ outcome: v.picklist(["sent", "full", "offline", "closed"]) }),
});
