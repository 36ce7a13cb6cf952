import { defineMessage } from "@mosaik/primitives";
import { defineProtocol } from "@mosaik/transport";
import * as v from "valibot";
import { itemBytesMax, windowBytesMax, windowBytesMin } from "./config.ts";

const count = (min: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(Number.MAX_SAFE_INTEGER));
const bytes = (min: number, max: number) =>
  v.pipe(
    v.custom<Uint8Array>((input) => input instanceof Uint8Array, "not bytes"),
    v.minLength(min),
    v.maxLength(max),
  );

/** Consumer to producer, first and once. */
const Subscribe = v.strictObject({
  kind: v.literal("subscribe"),
  stream: bytes(32, 32),
  codec: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  version: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)),
  /** Bytes that may be on the way or waiting, see `core/credit.ts`. */
  window: v.pipe(v.number(), v.integer(), v.minValue(windowBytesMin), v.maxValue(windowBytesMax)),
  /** The consumer's signed catalog entry, so that the producer knows whom it judges. */
  entry: bytes(1, 32 * 1024),
});

/** Consumer to producer: the application took that much of the window. */
const Credit = v.strictObject({ kind: v.literal("credit"), bytes: count(1) });

/** Producer to consumer: subscribed; the next item has this number. */
const Accepted = v.strictObject({
  kind: v.literal("accepted"),
  /** Another one each time the producer begins anew. */
  incarnation: bytes(8, 8),
  sequence: count(0),
});

/** Producer to consumer: that many items were dropped here, between those before and those after. */
const Gap = v.strictObject({ kind: v.literal("gap"), count: count(1) });

/** Producer to consumer, last: nothing follows. The consumer ends the link, which says: I have it all. */
const End = v.strictObject({ kind: v.literal("end") });

const StreamMessage = v.variant("kind", [Subscribe, Credit, Accepted, Gap, End]);

/** What producers and consumers say to each other. Items travel beside it, as data frames. */
export type StreamMessage = v.InferOutput<typeof StreamMessage>;
/** A consumer's first message. */
export type Subscribe = v.InferOutput<typeof Subscribe>;

/**
 * One link a subscription: the consumer opens it and subscribes, the producer accepts, or closes it
 * with the reason.
 */
export const StreamProtocol = defineProtocol({
  name: "streams",
  version: 1,
  message: defineMessage<StreamMessage>({
    name: "mosaik/streams",
    bytesMax: 33 * 1024,
    schema: StreamMessage,
  }),
  dataBytesMax: itemBytesMax,
  reasons: { "not-found": 200, "not-allowed": 201, "no-capacity": 202, "too-slow": 203 },
});
