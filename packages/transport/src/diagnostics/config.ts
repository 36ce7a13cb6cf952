/** What a node spends on being inspected, at most. */
export const diagnosticsLimits = {
  /** Inspections at once, and of one peer. More are refused as `overloaded`. */
  inspectionsMax: 64,
  inspectionsPerPeerMax: 8,
  /** Requests of one inspection in the long run, and at once. More are refused as `busy`. */
  requestsPerSecond: 50,
  requestsBurst: 100,
  /** Sections and events that one inspection follows at once. */
  followedMax: 64,
  /** One message, bytes: a whole section fits, or must be asked for in parts. */
  messageBytesMax: 1_024 * 1_024,
  /** Sections of a node, and actions. */
  sectionsMax: 256,
  /** Events that are kept. Too few: an inspector that comes late sees little; each has some 200 bytes. */
  eventsMax: 4_096,
  /** Events in one message. */
  eventsAtOnce: 256,
  /** A section is made at most this often, ms, whoever asks, and takes at most this share of the time. */
  freshMs: 100,
  shareMax: 0.01,
  /** All inspections together take at most this share of the time, in the long run; and so much at once, ms. */
  answersShareMax: 0.02,
  answersBurstMs: 50,
  /**
   * What an answer costs beside the work that is seen, ms: to take in the request, to encrypt and to
   * write. Measured: ten greedy inspectors took twice what was seen of them, 200 answers a second.
   */
  answerOverheadMs: 0.2,
  /**
   * The work of one answer counts for no more, ms: what looks dearer is mostly a process that was not
   * given the processor, and the making of dear sections has a limit of its own.
   */
  answerCostMaxMs: 5,
  /** Who asks too much is told so after this long, ms: to be told at once would invite more. */
  busyMs: 1_000,
  /** From the opening of a link to the proof, ms. */
  entranceTimeoutMs: 5_000,
} as const;

/** A key shorter than this could be guessed, so it is refused: characters. */
export const inspectionKeyMin = 16;
