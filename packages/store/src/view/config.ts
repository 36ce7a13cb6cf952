/** A key of a view, bytes of UTF-8. */
export const keyBytesMax = 1_024;

/** Entries of a view that others are sent; one that has more is refused by its readers. */
export const entriesMax = 4_000_000;

/** Readers that a node serves views to at a time, and those that have not asked yet. */
export const readersMax = 1_024;

/** A reader must say what it wants within this. */
export const askTimeoutMs = 10_000;

/** Bytes on the way to a reader of a view. */
export const windowBytes = 4 * 1024 * 1024;

/** Entries are sent in pieces of about this size. */
export const pieceBytes = 64 * 1024;

/**
 * How long a node that begins to fold waits for one that serves the view already. Too small: it folds
 * from the start what it could have had folded.
 */
export const snapshotWaitMs = 2_000;

/**
 * How long a reader that found another server waits for it to be as far as the one before, until it
 * goes back to what that one has.
 */
export const behindMaxMs = 10_000;

/**
 * A server that owes a state, from the question on or since it began to send a change, and sends nothing
 * for this long is left for another.
 */
export const serverStallMs = 10_000;

/**
 * A state must be whole within {@link serverStallMs} and as long as its entries take at this rate, bytes
 * a millisecond. Too small: a server that dribbles is believed for longer. Too large: slow links are
 * tried a few times in vain, see {@link serverPatienceMax}.
 */
export const stateBytesPerMs = 256;

/** Servers that are too slow have twice as long each time one was left for it, up to so many times. */
export const serverPatienceMax = 64;

/**
 * The state of a fold that is saved is saved this long after it changed: so much is folded again after a
 * crash. Smaller: a large state is written all the time.
 */
export const saveEveryMs = 10_000;

/** Waits before a server is tried again: the first, doubling up to the last. */
export const retryMs = { first: 100, last: 5_000 } as const;

/** Changed keys that wait for one who watches; it is told to read everything again beyond. */
export const watchedKeysMax = 65_536;
