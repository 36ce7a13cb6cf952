/** Timings and limits of discovery that a user may set; each has a default. */
export interface DiscoveryOptions {
  /** How often a node repeats its entry, moved by up to half at random. Too small: idle traffic. */
  readonly announceIntervalMs?: number;
  /** An entry that is older leaves the catalog. Below three announce intervals, live peers flicker. */
  readonly purgeMs?: number;
  /** How far ahead of ours the clock of a peer may be. Too small: its entries are refused. */
  readonly driftMs?: number;
  /** Peers in the catalog, ours aside. Each costs about as much memory as its entry, some 1 KiB. */
  readonly catalogPeersMax?: number;
  /** How often the catalog is compared with that of a random peer: what mends what gossip missed. */
  readonly syncIntervalMs?: number;
  /** Events that wait for a slow reader of `events()`; what is more is counted and dropped. */
  readonly eventBacklogMax?: number;
}

/** What holds where nothing else is said. */
export const discoveryDefaults: Required<DiscoveryOptions> = {
  announceIntervalMs: 15_000,
  purgeMs: 300_000,
  driftMs: 10_000,
  catalogPeersMax: 10_000,
  syncIntervalMs: 30_000,
  eventBacklogMax: 1_024,
};

/** What an entry may hold. A larger one is neither made nor accepted. */
export const entryLimits = {
  /** The whole of it, signature aside: what every node of the network stores and passes on. */
  bytesMax: 16 * 1024,
  /** A tag, a kind of offer: UTF-8. */
  labelBytesMax: 128,
  tagsMax: 64,
  addressesMax: 16,
  addressBytesMax: 256,
  offerKindsMax: 16,
  /** Ids of one kind. */
  offersPerKindMax: 64,
  /** Ids of all kinds: 34 bytes each, so about half of what an entry may hold. */
  offersMax: 256,
  ticketsMax: 8,
  /** A JWT with some claims has below 1 KiB. */
  ticketBytesMax: 8 * 1024,
} as const;

/** The bytes of an entry's id on the wire: 32 of the peer, 6 of the epoch, 6 of the sequence. */
export const entryIdBytes = 44;

/** Both parts of a version stay below this: six bytes. As milliseconds, the year 10889. */
export const versionPartMax = 2 ** 48 - 1;

/** The number of buckets of a catalog summary: by the first byte of the peer's id. */
export const bucketCount = 256;

/** A bucket in a summary: its number and a digest. */
export const summaryRowBytes = 1 + 8;

/** Announcements: see `shell/announcer.ts`. */
export const announceTimings = {
  /** Two announcements of one node are at least this far apart, so changes in a row go together. */
  gapMs: 100,
  /** The gap after a newer entry of the node itself was met: a twin must not start an endless race. */
  outdoneGapMs: 2_000,
  /** A periodic one comes up to this fraction earlier or later, so that nodes do not keep step. */
  jitterFraction: 0.5,
} as const;

/** The partial view: whom a node gossips with. After HyParView, where the active view has 5. */
export const viewLimits = {
  /** Links are opened until there are this many. log10(n) + 1 keeps 10,000 nodes connected. */
  neighboursTarget: 5,
  /** Requests are accepted up to this many; beyond it only a node without any neighbour gets in. */
  neighboursMax: 8,
  /** Requests of ours that wait for an answer. */
  pendingMax: 3,
  /** A request without an answer for this long has failed. */
  requestTimeoutMs: 2_000,
  /** A peer that refused is asked again after this, doubled for each refusal up to the maximum. */
  refusedBackoffMs: 1_000,
  refusedBackoffMaxMs: 60_000,
  /** One that broke the rules is neither asked nor accepted for this long. */
  bannedMs: 60_000,
  /** How often the view is looked after when nothing happens. */
  tickMs: 1_000,
} as const;

/** Gossip: see `core/broadcast.ts`. After Plumtree. */
export const gossipLimits = {
  /** A message on a link: an entry with its signature, or a list of ids. */
  messageBytesMax: 24 * 1024,
  /** Ids in one message. */
  idsMax: 256,
  /** Ids wait this long to be told together to the neighbours outside the tree. */
  lazyDelayMs: 200,
  /** Those that came by a sync wait only this long: there is no tree along which they flow. */
  learnedDelayMs: 50,
  /** An id that was told to us is asked for when its entry has not come by then. */
  graftAfterMs: 400,
  /** The same where nothing at all is known of the peer: a newcomer should be known soon. */
  graftUnknownAfterMs: 50,
  /** The next of those who told us is asked after this. */
  graftRetryMs: 200,
  /** Ids we know of but lack the entries of. More are left to the catalog sync. */
  missingMax: 4_096,
  /** Messages that a neighbour may send in a second, and at once. One that exceeds it is dropped. */
  messagesPerSecond: 1_000,
  messagesBurst: 4_000,
} as const;

/** What a node that closes does so that others hear of it. */
export const departureLimits = {
  /**
   * It sees to it that one of so many of those that it is connected with has its goodbye: a link to a
   * neighbour may be new, and about to give way to another.
   */
  peersMax: 3,
  /** They have this long to answer, ms: one round trip, on any connection that works. */
  timeoutMs: 1_000,
} as const;

/** Catalog sync: see `core/sync-session.ts`. */
export const syncLimits = {
  /** A message on a link. */
  messageBytesMax: 96 * 1024,
  /** Ids in one listing frame: about 50 bytes each. */
  listingIdsMax: 1_000,
  /** Entries are joined into frames of about this many bytes. */
  entriesBytes: 48 * 1024,
  /** A session ends after this, done or not; what it merged by then stays merged. */
  deadlineMs: 5_000,
  /** Sessions that others opened, at a time. More are refused. */
  inboundMax: 64,
  /** Sessions of ours at a time; others wait for their turn. */
  outboundMax: 8,
  /** Peers that wait for their turn. */
  waitingMax: 256,
  /** A failed one is tried again after this, doubled each time up to the maximum. */
  retryMs: 250,
  retryMaxMs: 15_000,
  /** After so many failures a peer is left to others. */
  attemptsMax: 6,
} as const;

/** Bootstrap: see `shell/bootstrap.ts`. */
export const bootstrapLimits = {
  /** A seed that did not answer is tried again after this, doubled each time up to the maximum. */
  retryMs: 250,
  retryMaxMs: 15_000,
  /** A dial to a seed ends after this. */
  dialTimeoutMs: 5_000,
  /** Peers that turned up by themselves, remembered at a time. */
  discoveredMax: 64,
  /** After so many failures one of those is forgotten, until it turns up again. */
  discoveredAttemptsMax: 5,
  /** How often it is looked whether who was at a seed is still known. */
  reviewMs: 1_000,
} as const;

/** Checks of whether a peer is still there: see `shell/checks.ts`. */
export const checkLimits = {
  /** Before each attempt there is a pause, moved by up to half at random: a hint reaches many. */
  pausesMs: [150, 400],
  /** An attempt ends after this. */
  attemptTimeoutMs: 1_000,
  /** Checks at a time; others wait for their turn. */
  parallelMax: 8,
  waitingMax: 256,
  /** A peer that was reached is not checked again before this, whoever hints. */
  restMs: 2_000,
  /** A peer that was not heard of for so many announce intervals is checked. */
  silentIntervals: 3,
  /** How often one of the unreachable is tried, chosen at random: what heals a partition. */
  reviveIntervalMs: 5_000,
} as const;

/** How often the catalog is swept for entries that expired and departures to be forgotten. */
export const sweepIntervalMs = 1_000;
