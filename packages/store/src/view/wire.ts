import { defineMessage } from "@mosaik/primitives";
import { itemBytesMax } from "@mosaik/streams";
import { defineProtocol } from "@mosaik/transport";
import * as v from "valibot";

const count = (min: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(Number.MAX_SAFE_INTEGER));
const bytes = (min: number, max: number) =>
  v.pipe(
    v.custom<Uint8Array>((input) => input instanceof Uint8Array, "not bytes"),
    v.minLength(min),
    v.maxLength(max),
  );

/** Reader to server, first and once: which view, and who it is. */
const Ask = v.strictObject({
  kind: v.literal("ask"),
  view: bytes(32, 32),
  /** The reader's signed catalog entry. */
  entry: bytes(1, 32 * 1024),
});

/** Reader to server: that much of the window has been taken. */
const Credit = v.strictObject({ kind: v.literal("credit"), bytes: count(1) });

/** How many producers a part of a version has at most; more come in several. */
export const offsetsPerPart = 256;

const OffsetOf = v.strictObject({
  producer: bytes(32, 32),
  incarnation: bytes(8, 8),
  sequence: count(0),
});

/**
 * Server to reader: with what was sent so far, as data frames, the entries are those of this version.
 * `more`: so does the next message.
 */
const Cut = v.strictObject({
  kind: v.literal("cut"),
  version: v.pipe(v.array(OffsetOf), v.maxLength(offsetsPerPart)),
  more: v.boolean(),
  /** Items that are known to be missing in the fold. */
  missed: count(0),
});

const ViewMessage = v.variant("kind", [Ask, Credit, Cut]);

/** What readers and servers of views say to each other. Entries travel beside it, as data frames. */
export type ViewMessage = v.InferOutput<typeof ViewMessage>;
/** A reader's first message. */
export type Ask = v.InferOutput<typeof Ask>;

/** One link for a reader and a server of a view: first all entries, then those that change. */
export const ViewProtocol = defineProtocol({
  name: "store/view",
  version: 1,
  message: defineMessage<ViewMessage>({
    name: "mosaik/store/view",
    bytesMax: 36 * 1024,
    schema: ViewMessage,
  }),
  dataBytesMax: itemBytesMax,
  reasons: { "not-found": 200, "not-allowed": 201, "too-large": 202 },
});
