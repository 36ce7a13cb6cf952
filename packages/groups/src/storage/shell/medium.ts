import type { MediumTraits } from "../core/replay.ts";

/** What is found in the place of a record: its bytes, or that they are not all there. */
export interface StoredRecord {
  readonly sequence: number;
  readonly bytes: Uint8Array | undefined;
}

/** Where chunks of snapshots are kept. */
export interface ChunkStore {
  /** The snapshots of which there are chunks. */
  snapshots(): Promise<readonly number[]>;
  /** Writes a chunk, durable after `syncSnapshot`. */
  writeChunk(snapshot: number, chunk: number, bytes: Uint8Array): Promise<void>;
  syncSnapshot(snapshot: number): Promise<void>;
  /** The bytes of a chunk; undefined where there is none. */
  readChunk(snapshot: number, chunk: number): Promise<Uint8Array | undefined>;
  dropSnapshot(snapshot: number): Promise<void>;
}

/** How a record is appended. */
export interface AppendOptions {
  /** It begins a new segment, or goes to the last one. */
  readonly isSegmentStart: boolean;
  /** It should not hold up the process. */
  readonly inBackground: boolean;
}

/**
 * Where a journal puts its bytes: records in segments, marks, and chunks of snapshots. It neither
 * knows nor checks what they mean. One call of those that change records is on its way at a time.
 */
export interface Medium extends MediumTraits, ChunkStore {
  /** The marks that are there, whatever became of them. */
  marksFound(): Promise<readonly Uint8Array[]>;
  /** The records that are there, in order. */
  records(): AsyncIterable<StoredRecord>;
  /** Drops all records: nothing here was ever acknowledged. Makes the first mark durable. */
  begin(mark: Uint8Array): Promise<void>;
  /**
   * Makes durable what is there up to a record, the segment's that begins at `segment`, and drops
   * what comes after it.
   */
  resume(segment: number, sequence: number): Promise<void>;
  /** Makes a record durable. */
  append(sequence: number, record: Uint8Array, how: AppendOptions): Promise<void>;
  /** Keeps a mark, soon. */
  mark(mark: Uint8Array): Promise<void>;
  /** Drops the segments before the one that begins at `segment`. */
  dropBefore(segment: number): Promise<void>;
  /** Lets go of everything, the lock too. */
  close(): Promise<void>;
}
