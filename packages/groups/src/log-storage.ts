import type { GroupId } from "@mosaik/primitives";
import type { Persist } from "./raft/effects.ts";
import type { SnapshotMeta } from "./raft/entry.ts";
import type { StoredState } from "./raft/raft-init.ts";

/** Where members keep what they must not forget; one room for each group. */
export interface LogStorage {
  /**
   * Whether what it acknowledged outlives the process. Where not, every start is a new incarnation,
   * which comes in as a learner (R4).
   */
  readonly durable: boolean;
  /**
   * Opens the room of a group, and makes it where there is none. Only one opening at a time.
   *
   * @throws GroupStorageError `locked` where it is open already, `corrupt` where something that was
   * acknowledged is missing or changed, `full` or `io`.
   */
  open(init: LogOpening): Promise<GroupLog>;
  /**
   * Destroys the room of a group, whatever state it is in: the node comes back under a new
   * incarnation. For one that has left, or whose room is `corrupt`. Nothing happens where none is.
   *
   * @throws GroupStorageError `locked` where it is open, or `io`.
   */
  destroy(group: GroupId): Promise<void>;
}

/** What a room is opened with. */
export interface LogOpening {
  readonly group: GroupId;
  /** Names a new incarnation of this node: freshly drawn, 1 to 64 characters, no `#`. Taken where the room is new. */
  readonly freshIncarnation: string;
}

/**
 * What one Raft batch changes, made durable with one sync, whole or not at all; in this order: hard
 * state, snapshot, `truncateFrom`, `entries`, `compactTo`.
 */
export interface LogBatch extends Omit<Persist, "sequence"> {
  /**
   * Whether the member has more to do meanwhile than to wait for it, as a leader has, who hears the
   * others: then it should not hold up the process.
   */
  readonly inBackground?: boolean;
}

/**
 * The durable state of one member, opened. Writes take effect in the order of the calls; several may
 * be on their way. Whatever is acknowledged is found by the next opening, or that fails as `corrupt`;
 * what is not acknowledged is found whole or not at all.
 *
 * Every method rejects with GroupStorageError. The first failed write is final: later calls reject
 * with the same error, until the room is opened anew. A failed read of a snapshot is not.
 */
export interface GroupLog {
  /** Which incarnation of the node this is: drawn when the room was made, never changed. */
  readonly incarnation: string;
  /** What was found at opening, kept until the first append; absent where nothing ever was appended. */
  readonly stored: StoredState | undefined;
  /**
   * Makes a batch durable. Entries follow the last one without a gap. A batch with a snapshot puts
   * the staged one of that index and term in force and drops the whole log. What the snapshot in
   * force covers is let go of where that is cheap; `compactTo` is a hint to the same end.
   */
  append(batch: LogBatch): Promise<void>;
  /**
   * Begins to stage a snapshot: nothing of it counts until it is in force, and a restart forgets it.
   * At most {@link snapshotStagesMax} at once. A finished one of the same index and term is replaced.
   *
   * @throws RangeError where there are too many.
   */
  stageSnapshot(meta: SnapshotMeta): SnapshotStage;
  /**
   * Puts a finished stage in force and keeps the log: for a snapshot of the member's own state. One
   * that is not newer than the one in force is dropped, and `false` answered.
   */
  saveSnapshot(meta: SnapshotMeta): Promise<boolean>;
  /** Opens the snapshot in force; absent where there is none. */
  openSnapshot(): Promise<SnapshotSource | undefined>;
  /** Waits for what is on its way and lets go of the room. Idempotent. */
  close(): Promise<void>;
}

/** A snapshot that is being written. */
export interface SnapshotStage {
  readonly meta: SnapshotMeta;
  /** Adds bytes, at most {@link snapshotChunkBytesMax}. Wait for each before the next: memory stays bounded. */
  write(chunk: Uint8Array): Promise<void>;
  /** Makes it durable, ready to be put in force. */
  finish(): Promise<void>;
  /** Forgets it, finished or not, unless it is in force. Idempotent. */
  discard(): Promise<void>;
}

/** A snapshot to read from: the same to the end, also when another comes in force meanwhile. */
export interface SnapshotSource {
  readonly meta: SnapshotMeta;
  /** How many chunks there are, and the bytes of all of them. */
  readonly chunks: number;
  readonly bytes: number;
  /**
   * The chunk of a number from 0, as it was written. The caller must not change it.
   *
   * @throws GroupStorageError `corrupt` where it is not what was written; RangeError past the end.
   */
  read(chunk: number): Promise<Uint8Array>;
  /** Lets go of it. Idempotent. */
  close(): Promise<void>;
}

/** One chunk of a snapshot, bytes: what is in memory at a time. Larger ones are refused with RangeError. */
export const snapshotChunkBytesMax: number = 256 * 1_024;

/** Snapshots staged at once: one taken here, one received, one to spare. */
export const snapshotStagesMax = 3;
