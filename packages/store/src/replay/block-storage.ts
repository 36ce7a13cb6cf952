import type { PeerId, StreamId } from "@mosaik/primitives";

/** What is stored of a block beside its items. */
export interface BlockHead {
  /** Counts the blocks of a history, from 0; some may be missing. */
  readonly number: number;
  readonly producer: PeerId;
  readonly incarnation: string;
  /** The number of its first item. */
  readonly sequence: number;
  readonly items: number;
  /** Of its frames. */
  readonly bytes: number;
  /** When its first and its last item were kept, wall-clock milliseconds. */
  readonly fromMs: number;
  readonly atMs: number;
}

/** Where keepers put the blocks of history. */
export interface BlockStorage {
  /** Whether what `sync` resolved for outlives a loss of power. */
  readonly durable: boolean;
  /**
   * Opens the room of a stream; one at a time.
   *
   * @throws StoreError with `STORE_HISTORY_LOCKED` or `STORE_HISTORY_FAILED`.
   */
  open(stream: StreamId): Promise<BlockRoom>;
}

/** The blocks of one stream. Calls are carried out one after the other. */
export interface BlockRoom {
  /** What was found at the opening, in the order of the numbers. */
  readonly found: readonly BlockHead[];
  /** What could not be read at the opening: so many blocks at least. */
  readonly damaged: number;
  /** Writes a block; durable after `sync`. */
  append(head: BlockHead, frames: Uint8Array): Promise<void>;
  /** The frames of a block, exactly as they were written; `undefined` where they are not. */
  read(number: number): Promise<Uint8Array | undefined>;
  /** Makes durable what was written. */
  sync(): Promise<void>;
  /** Lets go of the blocks before that number: they will not be read. */
  dropBefore(number: number): Promise<void>;
  /** Syncs, and lets go of the room. */
  close(): Promise<void>;
}
