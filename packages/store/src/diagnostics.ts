import { defineAction, defineSection } from "@mosaik/transport";
import * as v from "valibot";
import { browseLimits } from "./config.ts";

const text = v.pipe(v.string(), v.maxLength(512));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const collection = v.object({
  name: text,
  /** `map`, `set`, `list`, `cell`, `once` or `priority-queue`. */
  kind: text,
  group: text,
  state: v.picklist(["running", "halted", "closed"]),
  reason: v.optional(text),
  role: v.picklist(["reader", "leader", "candidate", "follower"]),
  online: v.boolean(),
  durability: v.picklist(["fsync", "memory"]),
  members: count,
  version: count,
  size: count,
  hash: text,
  lag: count,
});

/** A collection, as {@link StoresSection} tells it. */
export type CollectionInsight = v.InferOutput<typeof collection>;

/**
 * The collections that a node has open, by an id that is the same on every member: the group and the
 * collection's number in it.
 */
export const StoresSection = defineSection({
  name: "stores",
  version: 1,
  value: v.record(text, collection),
});

const keyText = v.pipe(v.string(), v.maxLength(browseLimits.keyLengthMax));
const valueText = v.pipe(v.string(), v.maxLength(browseLimits.valueLengthMax));

const item = v.object({
  /** The key as JSON, a bigint as its digits and `n`; the index of a list. A cell has none. */
  key: v.optional(v.string()),
  /** The value as JSON or, where it holds what JSON cannot say, as superjson. A set has none. */
  value: v.optional(v.string()),
  /** `cut`: the value's text was shortened; `opaque`: superjson cannot say it. Otherwise absent. */
  shown: v.optional(v.picklist(["cut", "opaque"])),
  priority: v.optional(v.number()),
});

/** An item of a collection, as {@link StoreItemsSection} tells it. */
export type StoreItem = v.InferOutput<typeof item>;

/**
 * Items of a collection in the order of their keys: at most 256, and 256 KiB of text. Of all of them
 * `after` a key and with a `prefix` of their text keys, or the one of a `key`, whose value is told
 * whole. `next` is the `after` for those that follow. Followed, it tells when they change.
 */
export const StoreItemsSection = defineSection({
  name: "stores.items",
  version: 1,
  value: v.object({
    items: v.array(item),
    next: v.optional(v.string()),
    version: count,
    size: count,
  }),
  query: v.object({
    /** As in {@link StoresSection}. */
    store: text,
    prefix: v.optional(keyText),
    after: v.optional(keyText),
    key: v.optional(keyText),
    /** Default: 64. */
    limit: v.optional(v.pipe(count, v.minValue(1), v.maxValue(browseLimits.itemsMax))),
  }),
});

/**
 * Puts an item into a collection, or removes one, as if the node had done it: it must be a writer. A
 * list's `key` is an index; without one, or at its end, the value is pushed. A cell has no key, a set
 * no value; a queue needs a `priority`.
 */
export const EditStoreAction = defineAction({
  name: "stores.edit",
  version: 1,
  input: v.object({
    store: text,
    kind: v.picklist(["put", "remove"]),
    /** As {@link StoreItemsSection} tells it; a text that is no JSON stands for itself. */
    key: v.optional(keyText),
    value: v.optional(valueText),
    priority: v.optional(v.number()),
  }),
  output: v.object({
    applied: v.boolean(),
    version: count,
    /** What was there before, where there was something. */
    previous: v.optional(v.string()),
  }),
});

const offset = v.object({ incarnation: text, sequence: count });

const keeper = v.object({
  stream: text,
  state: v.picklist(["keeping", "failed", "closed"]),
  durability: v.picklist(["memory", "fsync"]),
  items: count,
  bytes: count,
  damagedBlocks: count,
  /** How many producers there are; the first 256 are told. */
  producers: count,
  /** By producer, each latest run: its kept items are those from `first` on up to `end`. */
  kept: v.record(text, v.object({ incarnation: text, first: count, end: count })),
});

/** A keeper, as {@link KeepersSection} tells it. */
export type KeeperInsight = v.InferOutput<typeof keeper>;

/** The streams whose history a node keeps, by their ids. */
export const KeepersSection = defineSection({
  name: "stores.keepers",
  version: 1,
  value: v.record(text, keeper),
});

const view = v.object({
  name: text,
  stream: text,
  /** Whether it is folded here, or read from a node that folds it. */
  kind: v.picklist(["folded", "read"]),
  ready: v.boolean(),
  entries: count,
  missed: count,
  /** Items that are known to have been sent and are not folded yet. */
  lag: v.optional(count),
  producers: count,
  /** By producer, the place of the next item; of the first 256. */
  version: v.record(text, offset),
});

/** A view, as {@link ViewsSection} tells it. */
export type ViewInsight = v.InferOutput<typeof view>;

/** The views that a node folds or reads, by their kinds and ids: `folded/…`, `read/…`. */
export const ViewsSection = defineSection({
  name: "stores.views",
  version: 1,
  value: v.record(text, view),
});
