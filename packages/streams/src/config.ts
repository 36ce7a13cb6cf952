/** Timings of the streams of a node; each has a default. */
export interface StreamsOptions {
  /**
   * How long closing a producer waits for its consumers to receive what is queued. Too small: the last
   * items of a busy producer are lost. Too large: one stuck consumer delays the end of the program.
   */
  readonly closeDeadlineMs?: number;
  /** How consumers try again. */
  readonly retry?: Partial<RetryOptions>;
}

/** How a consumer tries again to subscribe, milliseconds. */
export interface RetryOptions {
  /** The first wait. Too small: a struggling producer gets no rest. */
  readonly firstMs: number;
  /** Each wait is this many times the one before. */
  readonly factor: number;
  /** No wait is longer. Too large: a producer that recovered stays unused. */
  readonly longestMs: number;
  /** Waits differ from these by up to this fraction, so that consumers do not come all at once. */
  readonly jitter: number;
  /** At most this long after the loss of a subscription it is tried again for the first time. */
  readonly afterLossMs: number;
  /** A subscription that held for this long begins again with the first wait. */
  readonly settledMs: number;
  /** The wait after a refusal that only a change at the producer or here is likely to lift. */
  readonly refusedMs: number;
}

/** What holds where nothing else is said. */
export const retryDefaults: RetryOptions = {
  firstMs: 250,
  factor: 1.6,
  longestMs: 10_000,
  jitter: 0.5,
  afterLossMs: 50,
  settledMs: 5_000,
  refusedMs: 60_000,
};

/** See {@link StreamsOptions.closeDeadlineMs}. */
export const closeDeadlineMsDefault = 2_000;

/** An attempt to subscribe, from the dial to the answer, fails after this. */
export const subscribeTimeoutMs = 10_000;

/** The largest item, bytes as encoded. Every node must know the same number: it is a frame limit. */
export const itemBytesMax = 4 * 1024 * 1024;

/**
 * Items are collected in buffers of this size, which all consumers share. What a link writes in one
 * go without copying; larger items have a buffer of their own.
 */
export const segmentBytes = 65_280;

/**
 * A producer takes this much in one turn of the event loop, then is full until the next: so that a
 * loop that never yields cannot make consumers look slow. Half of what may wait for a consumer.
 */
export const turnItemsMax = 32_768;
/** See {@link turnItemsMax}. */
export const turnBytesMax = 4 * 1024 * 1024;

/** Defaults of {@link LagOptions}. */
export const lagDefaults = {
  policy: "disconnect",
  itemsMax: 65_536,
  bytesMax: 8 * 1024 * 1024,
} as const;

/**
 * A consumer whose queue is full and that takes nothing for this long while the producer waits is
 * too slow. Too small: a hiccup of the network ends subscriptions. Too large: so long a producer
 * whose only consumer is stuck can stand still.
 */
export const stallMs = 1_000;

/** Sends that may wait at one producer; more are refused with `STREAM_FULL`. */
export const waitingSendsMax = 65_536;

/** Default of `maxConsumers`. */
export const consumersMaxDefault = 1_024;

/** Default of `windowBytes`: at 1 ms round trip enough for 4 GB/s. */
export const windowBytesDefault = 4 * 1024 * 1024;
/** The least `windowBytes`. Smaller ones would cost a message every few items. */
export const windowBytesMin = 1_024;
/** The greatest `windowBytes`. */
export const windowBytesMax = 1024 * 1024 * 1024;

/** @throws `RangeError` where a window has another size than it may have. */
export function checkWindow(bytes: number): void {
  if (!Number.isInteger(bytes) || bytes < windowBytesMin || bytes > windowBytesMax) {
    const range = `from ${windowBytesMin} to ${windowBytesMax}`;
    throw new RangeError(`'windowBytes' is a whole number ${range}, not ${bytes}`);
  }
}

/** What an item costs of a window beyond its bytes: frame header and bookkeeping. */
export const itemOverheadBytes = 32;

/** Refused consumers that a producer remembers, for those who look into the node. */
export const refusedMax = 64;

/** Attempts to subscribe that one consumer makes at a time: a dial costs some 14 ms of processor. */
export const attemptsMax = 16;

/** Producers that one consumer is subscribed to; those beyond wait with `no-capacity`. */
export const producersMax = 1_024;

/** Past producers whose position is remembered, to tell how much was missed when they come back. */
export const rememberedMax = 4_096;

/** Links that may be open and have not asked for a stream yet; more are refused. */
export const strangersMax = 1_024;

/** Items a lot of `batches()` has at most, unless told otherwise. */
export const batchItemsDefault = 1_024;

/** What inspectors are shown of the items of a stream. */
export const sampleLimits = {
  /** The newest that are kept, and how many are added in a second: people read no more. */
  itemsMax: 32,
  itemsPerSecond: 20,
  /** Characters of an item, and bytes of it as encoded. */
  textMax: 2_048,
  headBytes: 256,
  /** After the last look, ms. */
  lapseMs: 10_000,
} as const;
