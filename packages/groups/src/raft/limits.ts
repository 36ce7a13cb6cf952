/** Timings and bounds of one group. All members share those that carry no "local" mark. */
export interface RaftLimits {
  /** Between two signs of life of the leader, ms. Too small: traffic; too large: slow failover. */
  readonly heartbeatMs: number;
  /** Silence before a follower may stand, ms: drawn anew from this range each time. At least 3 heartbeats. */
  readonly electionMinMs: number;
  readonly electionMaxMs: number;
  /** How long a blank node looks for others before it founds a group, ms. */
  readonly bootstrapDelayMs: number;
  /** How many must agree on the genesis record. */
  readonly founders: number;
  /** Demotion and removal never leave fewer voters than this. */
  readonly minVoters: number;
  /** Learners are promoted up to this many voters: each one more costs a copy and an answer. */
  readonly votersMax: number;
  /** More members are not let in. */
  readonly membersMax: number;
  /** A voter silent for this long is demoted, ms. */
  readonly demoteAfterMs: number;
  /** A learner must have answered for this long before it is promoted, ms: damps flapping. */
  readonly promoteAfterMs: number;
  /** Multiplies this node's election timeouts; above 1 for a node that would rather not lead. Local. */
  readonly reluctance: number;
  /** Entries and bytes in one append. Local. */
  readonly appendEntriesMax: number;
  readonly appendBytesMax: number;
  /** Appends on their way to one member, in messages and bytes. Local. */
  readonly inflightMessagesMax: number;
  readonly inflightBytesMax: number;
  /** One command, bytes. */
  readonly commandBytesMax: number;
  /** Commands proposed and not yet committed, in number and bytes. Local. */
  readonly proposalsMax: number;
  readonly uncommittedBytesMax: number;
  /** Reads that wait for their round. Local. */
  readonly readsMax: number;
  /** A message may not be this many terms ahead: nothing honest is. */
  readonly termJumpMax: number;
  /**
   * Snapshots are taken at multiples of this position only, so that members have the same ones: at each
   * where the state is small beside the log, else at every second, fourth, … And so many entries stay behind it for laggards. Local.
   */
  readonly snapshotEntries: number;
  readonly snapshotTrailing: number;
  /** How long a snapshot may be on its way to a member without progress, ms. Local. */
  readonly snapshotTimeoutMs: number;
  /** What a leader keeps of its log at most for members that are on the way to a snapshot, bytes. Local. */
  readonly snapshotHeldBytesMax: number;
  /** A member this many entries behind fetches from the others too; 0: never. Local. */
  readonly assistEntries: number;
  /** Entries under one anchor. */
  readonly anchorEntriesMax: number;
  /**
   * Entries and bytes of one stretch of the log that a member fetches from another; one larger entry is
   * a stretch by itself. Too small: digests, and a round trip for each; too large: few members take part,
   * and whoever fetches hashes so much at once.
   */
  readonly fetchEntriesMax: number;
  readonly fetchBytesMax: number;
}

/**
 * A leader whose disk takes more than so many of the longest election timeouts leaves it to others. Too
 * small: where all disks are slow, leaders change all the time; too large: one bad disk stops a group.
 */
export const diskPatienceElections = 4;

/** Defaults, for members anywhere. */
export const raftLimits: RaftLimits = {
  heartbeatMs: 500,
  electionMinMs: 2_000,
  electionMaxMs: 2_500,
  bootstrapDelayMs: 3_000,
  founders: 1,
  minVoters: 2,
  votersMax: 7,
  membersMax: 256,
  demoteAfterMs: 10_000,
  promoteAfterMs: 1_000,
  reluctance: 1,
  appendEntriesMax: 1_024,
  appendBytesMax: 512 * 1_024,
  inflightMessagesMax: 64,
  inflightBytesMax: 8 * 1_024 * 1_024,
  commandBytesMax: 512 * 1_024,
  proposalsMax: 16_384,
  uncommittedBytesMax: 64 * 1_024 * 1_024,
  readsMax: 65_536,
  termJumpMax: 2 ** 20,
  snapshotEntries: 10_000,
  snapshotTrailing: 1_000,
  snapshotTimeoutMs: 10_000,
  snapshotHeldBytesMax: 64 * 1_024 * 1_024,
  assistEntries: 4_096,
  anchorEntriesMax: 16_384,
  fetchEntriesMax: 2_048,
  fetchBytesMax: 128 * 1_024,
};

/** For one data centre: failover in well under a second. */
export const lanTimings = {
  heartbeatMs: 50,
  electionMinMs: 300,
  electionMaxMs: 450,
  bootstrapDelayMs: 500,
  demoteAfterMs: 3_000,
  promoteAfterMs: 300,
} satisfies Partial<RaftLimits>;

/** Terms and indexes stay below this: far from where numbers stop being exact. */
export const positionMax = 2 ** 52;
