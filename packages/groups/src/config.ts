import { lanTimings as lanLimits, type RaftLimits, raftLimits } from "./raft/limits.ts";

/** Timings that all members of a group share: they are part of its id. Milliseconds. */
export type GroupTimings = Pick<
  RaftLimits,
  | "heartbeatMs"
  | "electionMinMs"
  | "electionMaxMs"
  | "bootstrapDelayMs"
  | "demoteAfterMs"
  | "promoteAfterMs"
>;

/** Bounds that each member may set for itself. */
export type GroupLimits = Pick<
  RaftLimits,
  | "appendEntriesMax"
  | "appendBytesMax"
  | "inflightMessagesMax"
  | "inflightBytesMax"
  | "proposalsMax"
  | "uncommittedBytesMax"
  | "readsMax"
  | "snapshotEntries"
  | "snapshotTrailing"
  | "snapshotTimeoutMs"
  | "snapshotHeldBytesMax"
  | "assistEntries"
>;

/** Timings for members anywhere. */
export const groupTimings: GroupTimings = {
  heartbeatMs: raftLimits.heartbeatMs,
  electionMinMs: raftLimits.electionMinMs,
  electionMaxMs: raftLimits.electionMaxMs,
  bootstrapDelayMs: raftLimits.bootstrapDelayMs,
  demoteAfterMs: raftLimits.demoteAfterMs,
  promoteAfterMs: raftLimits.promoteAfterMs,
};

/** Timings for one data centre: failover in well under a second. */
export const lanTimings: GroupTimings = lanLimits;

/** How much longer a reluctant member waits before it stands. */
export const reluctanceFactor = 3;

/**
 * A command that nobody took in for this long fails with `GROUP_NO_QUORUM`, one whose outcome stays
 * open for this long with `GROUP_UNKNOWN_OUTCOME`; a strong query likewise. In election timeouts:
 * enough for one election that fails and one that succeeds. The wait is never under `patienceMinMs`.
 */
export const patienceElections = 4;
/** See {@link patienceElections}. */
export const patienceMinMs = 2_000;

/**
 * Commands of one handle that may be on their way. Too small: throughput ends at this many a round
 * trip; too large: memory, and answers remembered in every member's state.
 */
export const commandsMax = 4_096;
/** Bytes of the commands of one handle that may be on their way. */
export const commandsBytesMax: number = 16 * 1_024 * 1_024;
/** Commands of one batch. */
export const batchCommandsMax = 1_024;
/** Strong queries of one member that may wait. */
export const queriesMax = 65_536;

/** Handles whose last answers are remembered; beyond it the one unused for longest is forgotten. */
export const sessionsMax = 4_096;
/**
 * Bytes of remembered answers of one handle; beyond it the oldest are forgotten, and an answer that
 * is larger by itself at once.
 */
export const answerBytesMax: number = 256 * 1_024;

/**
 * Commands applied in one turn of the event loop, bytes: with larger ones a member that has much to apply
 * says nothing for longer than an election takes.
 */
export const applyTurnBytes: number = 128 * 1_024;
/** For so long commands are applied in one turn, ms, unless one takes longer. */
export const applyTurnMs = 4;

/**
 * A snapshot is made or read for so long at a time, ms, unless one record takes longer. Commands wait
 * for at most that at each member that they pass.
 */
export const snapshotSliceMs = 4;
/**
 * Then so many times as long nothing is done for a snapshot that is made, hashed, or fetched and read:
 * all members make one at the same position, those that fetch one may share a machine with those that
 * serve, and commands should hardly notice. More: a snapshot takes longer.
 */
export const snapshotRest = 1;

/** Members compare their states each time they have applied this many positions more. */
export const checkpointEvery = 256;
/** Checkpoints remembered, for comparing with those of members that are behind. */
export const checkpointsMax = 32;

/** A question to the leader without an answer is asked again after this many heartbeats. */
export const askAgainHeartbeats = 4;

/**
 * One chunk that a machine gives for a snapshot, bytes. It is in memory whole, here and where it is
 * restored, and members do nothing else while one is made: larger records are cut by the machine.
 */
export const stateChunkBytesMax: number = 1_024 * 1_024;
/** Pieces of a snapshot, of 256 KiB: 4 GiB, whose hashes fit a frame. A larger state is not taken. */
export const snapshotPiecesMax: number = 2 ** 14;
/**
 * After a snapshot that could not be taken none is tried for so long, then for twice that, …, ms. Too
 * small: whatever fails is tried all the time; too large: the log, which is in memory, grows.
 */
export const snapshotRetryFirstMs = 1_000;
export const snapshotRetryMaxMs = 300_000;
/** Pieces asked of one member at a time: enough for a round trip, and heartbeats wait for no more. */
export const snapshotPiecesAsked = 4;
/**
 * A member hands out a piece this often at most, ms: 25 MB/s, which takes about a fifth of its processor.
 * Smaller: commands wait for whoever hands out and whoever fetches; larger: a large state takes longer.
 */
export const snapshotPieceEveryMs = 10;
/** Pieces asked of all, or waiting for one before them, at a time: 8 MiB in memory. */
export const snapshotPiecesWindow = 32;
/** A member that sends no piece for so long is asked no more for as long again, then twice that, ms. */
export const snapshotPieceTimeoutMs = 5_000;
/** A member that did not have the snapshot may have it after this long, ms. */
export const snapshotAskAgainMs = 1_000;
/** How often the leader is told that a snapshot makes progress; and how soon it offers another, ms. */
export const snapshotProgressMs = 1_000;
/** Snapshots kept readable for members that fetch them, the one in force included. */
export const snapshotsHeldMax = 3;
/** One that nobody asked for during so long is let go of, ms: more than a fetch may stand still. */
export const snapshotHeldIdleMs = 30_000;
/**
 * States that a node holds while inspectors read them, and how long one that nobody asks for, ms. What
 * changes meanwhile is in memory twice: more would let inspectors fill it.
 */
export const capturesMax = 2;
export const captureIdleMs = 60_000;
/** Foundings of the same group that status remembers. */
export const conflictsMax = 16;
/** Alarms that status remembers: the last ones. */
export const alarmsMax = 16;

/** One frame between members, bytes: room for an append, whose commands end at half of it. */
export const frameBytesMax: number = 1_024 * 1_024;
/** Commands given to the leader in one frame, bytes. */
export const submitBytesMax: number = 512 * 1_024;

/** How bonds are made and given up. */
export const bondLimits = {
  /** From the first byte to the last of a handshake, ms. */
  handshakeTimeoutMs: 5_000,
  /** A dial, ms. */
  dialTimeoutMs: 10_000,
  /** Of two peers the one with the higher id waits this long, so that the other dials first, ms. */
  dialDeferMs: 200,
  /** The first wait before another dial, and the longest, ms. */
  retryFirstMs: 200,
  retryMaxMs: 10_000,
  /** Failed proofs and broken rules before a peer is banned, within which time they count, and for how long, ms. */
  failuresMax: 5,
  failuresWithinMs: 600_000,
  banMs: 600_000,
  /** Members with a bond, dials at once, strangers in a handshake, and peers remembered. */
  bondsMax: 256,
  dialsMax: 16,
  strangersMax: 64,
  peersMax: 1_024,
} as const;
