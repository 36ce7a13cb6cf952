import { defineSection } from "@mosaik/transport";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(512));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const entry = v.object({
  tags: v.array(text),
  addresses: v.array(text),
  /** Ids by the kind of offer. */
  offers: v.record(text, v.array(text)),
  /** How many tickets it shows. */
  tickets: count,
  version: v.object({ epoch: count, sequence: count }),
  /** When the peer signed it, by its own wall clock, milliseconds. */
  signedAt: v.number(),
  /** How long ago its newest sign of life came, milliseconds; 0 for the node itself. */
  ageMs: v.number(),
});

/** An entry, as {@link CatalogSection} tells it. */
export type CatalogEntry = v.InferOutput<typeof entry>;

/**
 * The entry of a peer as it was signed, so that whoever doubts the node that shows it can check it:
 * bytes of a signed message, none where the peer is unknown. Feed it to a catalog of one's own, or
 * compare it with what another node holds.
 */
export const CatalogEntrySection = defineSection({
  name: "catalog.entry",
  version: 1,
  value: v.object({
    signed: v.optional(v.custom<Uint8Array>((it) => it instanceof Uint8Array)),
    /** Whether its signature holds, checked anew by the node that was asked. */
    signature: v.picklist(["valid", "invalid", "absent"]),
  }),
  query: v.object({ peer: text }),
});

/**
 * What a node knows of the network. The signature of every entry was checked when it came. Without a
 * query all peers, which are too many for one answer from about a thousand on; with one a page of
 * them, in the order of their ids.
 */
export const CatalogSection = defineSection({
  name: "catalog",
  version: 1,
  value: v.object({
    me: entry,
    /** The other peers, and how many there are on all pages. */
    peers: v.record(text, entry),
    size: count,
    /** Where the next page begins. */
    next: v.optional(text),
    /** With whom it gossips. */
    neighbours: v.array(text),
    /** Entries that came and were refused, by the code of the reason. */
    refused: v.record(text, count),
  }),
  query: v.optional(v.object({ from: text, limit: v.pipe(count, v.minValue(1), v.maxValue(512)) })),
});
