import { compareBytes, defineMessage, type Infer } from "@mosaik/primitives";
import { defineProtocol } from "@mosaik/transport";
import * as v from "valibot";
import {
  bucketCount,
  entryIdBytes,
  entryLimits,
  gossipLimits,
  summaryRowBytes,
  syncLimits,
  versionPartMax,
} from "./config.ts";
import { isAddress, isAscending, isLabel, isTicket } from "./label.ts";

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, "are no bytes");
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const versionPart = v.pipe(whole, v.maxValue(versionPartMax));
const version = v.strictTuple([versionPart, versionPart]);
const label = v.pipe(v.string(), v.check(isLabel, "is no label"));

const offeredIds = v.pipe(
  bytes,
  v.check((ids) => isIdSet(ids, entryLimits.offersPerKindMax), "is no set of ids"),
);

const entrySchema = v.strictObject({
  network: v.pipe(
    bytes,
    v.check(({ byteLength }) => byteLength === 32, "is no id"),
  ),
  version,
  at: whole,
  gone: v.boolean(),
  addresses: v.pipe(
    v.array(v.pipe(v.string(), v.check(isAddress, "is no address"))),
    v.maxLength(entryLimits.addressesMax),
  ),
  tags: v.pipe(
    v.array(label),
    v.maxLength(entryLimits.tagsMax),
    v.check((tags) => isAscending(tags), "tags are not in order"),
  ),
  offers: v.pipe(
    v.array(v.strictTuple([label, offeredIds])),
    v.maxLength(entryLimits.offerKindsMax),
    v.check((kinds) => isAscending(kinds.map(([kind]) => kind)), "kinds are not in order"),
    v.check((kinds) => {
      const idsBytes = kinds.reduce((sum, [, ids]) => sum + ids.byteLength, 0);
      return idsBytes <= entryLimits.offersMax * 32;
    }, "there are too many offers"),
  ),
  tickets: v.pipe(
    v.array(v.pipe(v.string(), v.check(isTicket, "is no ticket"))),
    v.maxLength(entryLimits.ticketsMax),
  ),
});

/** What {@link EntryMessage} carries. */
export type WireEntry = Infer<typeof entrySchema>;

/**
 * What a peer signs: its entry, or its goodbye (`gone`, with nothing else in it). The peer itself is
 * the signer. Sets are arrays in ascending order, ids side by side: one entry has one form.
 */
export const EntryMessage = defineMessage({
  name: "mosaik/discovery/entry/1",
  bytesMax: entryLimits.bytesMax,
  schema: entrySchema,
});

/** Signer and signature before the entry. */
const signatureBytes = 32 + 64;

const signedEntry = v.pipe(
  bytes,
  v.check(
    ({ byteLength }) =>
      byteLength > signatureBytes && byteLength <= signatureBytes + entryLimits.bytesMax,
    "is no signed entry",
  ),
);

function entryIds(countMax: number) {
  return v.pipe(
    bytes,
    v.check(
      ({ byteLength }) => byteLength % entryIdBytes === 0 && byteLength <= countMax * entryIdBytes,
      "is no list of entry ids",
    ),
  );
}

const gossipSchema = v.variant("kind", [
  /** The first message of a link, by who opened it: asks for a place among the neighbours. */
  v.strictObject({
    kind: v.literal("neighbour"),
    /** `high`: the asker has no neighbour, and must be accepted. */
    priority: v.picklist(["high", "low"]),
  }),
  /** The answer; a refusal is a close reason. */
  v.strictObject({ kind: v.literal("welcome") }),
  /** A signed entry, along the tree. */
  v.strictObject({ kind: v.literal("entry"), entry: signedEntry }),
  /** Entries that the sender has, beside the tree. */
  v.strictObject({ kind: v.literal("have"), ids: entryIds(gossipLimits.idsMax) }),
  /** Asks for entries, and for a place in the tree. */
  v.strictObject({ kind: v.literal("graft"), ids: entryIds(gossipLimits.idsMax) }),
  /** Asks to be left out of the tree. */
  v.strictObject({ kind: v.literal("prune") }),
  /** The sender could not reach peers that were at these versions. */
  v.strictObject({ kind: v.literal("suspect"), ids: entryIds(gossipLimits.idsMax) }),
]);

/** What {@link GossipProtocol} carries. */
export type GossipMessage = Infer<typeof gossipSchema>;

/** The one link between two neighbours, for as long as they are. */
export const GossipProtocol = defineProtocol({
  name: "discovery/gossip",
  version: 1,
  light: true,
  message: defineMessage({
    name: "discovery/gossip",
    bytesMax: gossipLimits.messageBytesMax,
    schema: gossipSchema,
  }),
  reasons: {
    /** No place is free. */
    full: 100,
    /** The place went to another. */
    evicted: 101,
    /** The two have another link already. */
    duplicate: 102,
    /** An entry was passed on whose signature is wrong. */
    forged: 103,
    /** The sender broke the rules lately. */
    banned: 104,
  },
});

const syncSchema = v.variant("kind", [
  /** The first message of either side. */
  v.strictObject({
    kind: v.literal("hello"),
    /** The sender's own entry. */
    entry: signedEntry,
    /** The digests of the buckets that are not empty, in ascending order. */
    summary: v.pipe(
      bytes,
      v.check((summary) => isSummary(summary), "is no summary"),
    ),
    /** The sender takes the receiver for gone as of this version: it had better show a newer one. */
    suspected: v.optional(version),
  }),
  /** The ids in the buckets that differ. */
  v.strictObject({
    kind: v.literal("listing"),
    ids: entryIds(syncLimits.listingIdsMax),
    last: v.boolean(),
  }),
  /** What the receiver lacks. */
  v.strictObject({
    kind: v.literal("entries"),
    entries: v.pipe(v.array(signedEntry), v.maxLength(syncLimits.listingIdsMax)),
    last: v.boolean(),
  }),
]);

/** What {@link SyncProtocol} carries. */
export type SyncMessage = Infer<typeof syncSchema>;

/** One exchange of what two catalogs differ in. */
export const SyncProtocol = defineProtocol({
  name: "discovery/sync",
  version: 1,
  light: true,
  message: defineMessage({
    name: "discovery/sync",
    bytesMax: syncLimits.messageBytesMax,
    schema: syncSchema,
  }),
  reasons: {
    /** An entry was sent whose signature is wrong. */
    forged: 103,
    /** The sender broke the rules lately. */
    banned: 104,
  },
});

function isIdSet(ids: Uint8Array, countMax: number): boolean {
  const { byteLength } = ids;
  if (byteLength === 0 || byteLength % 32 !== 0 || byteLength > countMax * 32) return false;
  for (let offset = 32; offset < byteLength; offset += 32) {
    const before = ids.subarray(offset - 32, offset);
    if (compareBytes(before, ids.subarray(offset, offset + 32)) >= 0) return false;
  }
  return true;
}

function isSummary(summary: Uint8Array): boolean {
  const { byteLength } = summary;
  if (byteLength % summaryRowBytes !== 0 || byteLength > bucketCount * summaryRowBytes)
    return false;
  for (let offset = summaryRowBytes; offset < byteLength; offset += summaryRowBytes) {
    if ((summary[offset - summaryRowBytes] ?? 0) >= (summary[offset] ?? 0)) return false;
  }
  return true;
}
