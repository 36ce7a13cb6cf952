import { defineSection } from "@mosaik/transport";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(512));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const figures = { items: count, bytes: count, dropped: count, uptimeMs: v.number() };
const identity = {
  name: text,
  stream: text,
  codec: text,
  version: count,
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
