/** A name of a store, characters. */
export const storeNameMax = 128;
/** Stores that may share a group. */
export const sharedStoresMax = 64;

/**
 * One change of `setMany` and the like, bytes of the values: what is longer goes out in several, of
 * which each takes effect as a whole. Well below the 512 KiB that a group takes at once.
 */
export const partBytesMax: number = 128 * 1_024;
/** Items of one such part. Members do nothing else while they carry out one. */
export const partItemsMax = 1_024;
/** Parts on their way at once. More do not make it faster; memory is bounded by it. */
export const partsInFlightMax = 16;

/**
 * Changes that a member remembers for those who watch. Whoever falls further behind, or resumes from
 * before, is told to start from the state again. Too small: a short pause ends so; too large: memory.
 */
export const watchChangesMax = 65_536;

/** One chunk of a snapshot, bytes, unless a single item is longer. */
export const chunkBytes: number = 64 * 1_024;
