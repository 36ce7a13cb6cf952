import { defineMessage } from "@mosaik/primitives";
import { itemBytesMax } from "@mosaik/streams";
import { defineProtocol } from "@mosaik/transport";
import * as v from "valibot";

const count = (min: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(Number.MAX_SAFE_INTEGER));
const time = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const bytes = (min: number, max: number) =>
  v.pipe(
    v.custom<Uint8Array>((input) => input instanceof Uint8Array, "not bytes"),
    v.minLength(min),
    v.maxLength(max),
  );
const producer = bytes(32, 32);
const incarnation = bytes(8, 8);

/** Reader to keeper, first and once: what it reads, and who it is. */
const Ask = v.strictObject({
  kind: v.literal("ask"),
  stream: bytes(32, 32),
  codec: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  version: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)),
  /** Bytes that may be on the way or waiting, as for a subscription. */
  window: v.pipe(v.number(), v.integer(), v.minValue(1_024), v.maxValue(1024 * 1024 * 1024)),
  /** The reader's signed catalog entry. */
  entry: bytes(1, 32 * 1024),
});

/** Reader to keeper: what there is; with `since`, from which item on it is not older than that. */
const Look = v.strictObject({ kind: v.literal("look"), since: v.optional(time) });

/** Reader to keeper: items of a run of a producer, in order, up to `to`, not included. */
const Fetch = v.strictObject({
  kind: v.literal("fetch"),
  producer,
  incarnation,
  from: count(0),
  to: count(0),
});

/** Reader to producer: what a newcomer gets first. */
const Greet = v.strictObject({ kind: v.literal("greet") });

/** Reader to keeper: the application took that much of the window. */
const Credit = v.strictObject({ kind: v.literal("credit"), bytes: count(1) });

const Source = v.strictObject({
  producer,
  incarnation,
  first: count(0),
  end: count(0),
  since: v.optional(count(0)),
  older: v.optional(count(0)),
});

/** How many sources an answer has at most; more come in several. */
export const sourcesPerAnswer = 128;

/** Keeper to reader, to `look`: what there is. `more`: so does the next message. */
const Index = v.strictObject({
  kind: v.literal("index"),
  sources: v.pipe(v.array(Source), v.maxLength(sourcesPerAnswer)),
  more: v.boolean(),
});

/** Keeper to reader: that many data frames follow, kept at that time. */
const Block = v.strictObject({ kind: v.literal("block"), items: count(1), at: time });

/** Keeper to reader, instead of more items: nothing is kept before `to`. Ends the answer. */
const Gap = v.strictObject({ kind: v.literal("gap"), to: count(1) });

/** Keeper to reader: these were all, for now or up to what was asked for. */
const Fetched = v.strictObject({ kind: v.literal("fetched") });

/** Producer to reader: blocks follow, which stand for all its items before `sequence`. */
const Greeting = v.strictObject({ kind: v.literal("greeting"), incarnation, sequence: count(0) });

const ReplayMessage = v.variant("kind", [
  Ask,
  Look,
  Fetch,
  Greet,
  Credit,
  Index,
  Block,
  Gap,
  Fetched,
  Greeting,
]);

/** What readers of history and keepers say to each other. Items travel beside it, as data frames. */
export type ReplayMessage = v.InferOutput<typeof ReplayMessage>;
/** A reader's first message. */
export type Ask = v.InferOutput<typeof Ask>;

/** One link for a reader and a keeper of a stream: the reader opens it and asks. */
export const ReplayProtocol = defineProtocol({
  name: "store/replay",
  version: 1,
  message: defineMessage<ReplayMessage>({
    name: "mosaik/store/replay",
    bytesMax: 36 * 1024,
    schema: ReplayMessage,
  }),
  dataBytesMax: itemBytesMax,
  reasons: { "not-found": 200, "not-allowed": 201, "no-capacity": 202 },
});
