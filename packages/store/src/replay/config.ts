/** A block of history: what is kept, dropped, stored and sent at once, in bytes of frames. */
export const blockBytesMax = 65_536;

/**
 * A block takes items for this long. Too small: a stream of few items costs a block for each. Too
 * large: a moment is found less exactly, and so long an item waits until it is stored.
 */
export const blockOpenMs = 1_000;

/** History is dropped in blocks of at most this part of what may be kept. */
export const blockPart = 8;

/** Runs of producers that a keeper knows of; the oldest are forgotten beyond. */
export const sourcesMax = 4_096;

/** Defaults of what a keeper keeps of a stream. */
export const keepDefaults = {
  items: 1_000_000,
  bytes: 64 * 1024 * 1024,
  ageMs: Number.POSITIVE_INFINITY,
} as const;

/**
 * How long a consumer waits for a keeper to have, or to say again, what nobody is found to have.
 * Too small: a keeper that restarts is not waited for. Too large: so long a consumer stands still
 * at a gap that nobody can fill.
 */
export const patienceMsDefault = 2_000;

/** As {@link patienceMsDefault}, of a keeper, which must not keep its producers waiting. */
export const keeperPatienceMs = 500;

/** So long after its start nobody concludes that there is no keeper: the catalog is being filled. */
export const graceMs = 1_000;

/**
 * The first wait before keepers are asked again what they have; it doubles up to the last. `atEnd`:
 * the last where all was read, and the producer is gone or not reached yet.
 */
export const lookAgainMs = { first: 25, last: 500, atEnd: 5_000 } as const;

/**
 * A hole of more items than this is not filled beside the live stream, which would wait: the
 * subscription ends, history is read to its end, and the subscription begins again.
 */
export const besideItemsMax = 65_536;

/** What a keeper sends for one request, in bytes: then others have their turn. */
export const fetchBytesMax = 8 * 1024 * 1024;

/** Bytes that a keeper may have on the way to a consumer. */
export const fetchWindowBytes = 4 * 1024 * 1024;

/** A keeper that owes items and sends none for this long is left for another. */
export const fetchStallMs = 5_000;

/**
 * So is one that sends fewer bytes a millisecond for long. Too small: a keeper that dribbles holds its
 * readers up; too large: slow links are left and taken up again.
 */
export const fetchBytesPerMs = 16;

/** A keeper that failed is asked again after this, and after twice as long each time. */
export const keeperRetryMs = { first: 200, last: 10_000 } as const;

/** A link to a keeper that nobody needs is closed after this. */
export const keeperIdleMs = 10_000;

/** Requests of one consumer that may wait at a keeper. */
export const fetchesMax = 64;

/** Links of consumers that a keeper serves at a time, and those that have not asked yet. */
export const readersMax = 1_024;

/** A reader must say what it wants within this. */
export const askTimeoutMs = 10_000;

/** What a keeper may hold that is not stored yet, bytes; its producers wait beyond. */
export const unwrittenBytesMax = 8 * 1024 * 1024;

/** Bytes that a producer may have on the way to a keeper: what arrives while a gap is filled. */
export const keeperWindowBytes = 16 * 1024 * 1024;

/** A file of stored history that has this many bytes is followed by another; they are freed whole. */
export const segmentBytesMax = 8 * 1024 * 1024;
