/** A name of a store, characters. */
export const storeNameMax = 128;
/** Stores that may share a group. */
export const sharedStoresMax = 64;

/**
 * One change of `setMany` and the like, bytes of the values: what is longer goes out in several, of
 * which each takes effect as a whole. Well below the 512 KiB that a group takes at once.
 */
export const partBytesMax: number = 64 * 1_024;
/** Items of one such part. */
export const partItemsMax = 256;
/**
 * Parts on their way at once. Members may carry out all of them in one go and do nothing else
 * meanwhile: 1,024 items take some tens of milliseconds on a busy processor, well below an election
 * timeout. Too many: leaders are lost under `setMany`; too few: it takes longer.
 */
export const partsInFlightMax = 4;

/**
 * Changes that a member remembers for those who watch. Whoever falls further behind, or resumes from
 * before, is told to start from the state again. Too small: a short pause ends so; too large: memory.
 */
export const watchChangesMax = 65_536;

/** One chunk of a snapshot, bytes, unless a single item is longer. */
export const chunkBytes: number = 16 * 1_024;

/** What inspectors are shown of a collection at once. An answer has at most 1 MiB. */
export const browseLimits = {
  itemsDefault: 64,
  itemsMax: 256,
  /** Characters of keys and values in one answer. */
  textMax: 256 * 1_024,
  /** Characters of a value among others; the one of a single key may have all of `textMax`. */
  valueMax: 4_096,
  keyLengthMax: 4_096,
  /** Characters of a value that is put: about what a group takes at once. */
  valueLengthMax: 512 * 1_024,
  /** Producers that are told of a keeper or a view. */
  producersMax: 256,
} as const;
