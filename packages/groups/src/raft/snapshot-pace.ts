import { type Entry, entryBytes } from "./entry.ts";

/** Bytes that snapshots may write for each byte of the log. */
export const writesPerLogByte = 4;
/** So many bytes of log between two snapshots are enough, however large the state is: they are in memory. */
export const logBytesMax: number = 256 * 1_024 * 1_024;

/**
 * How many of the positions where a snapshot may be taken are passed over: a power of two, from what
 * the last snapshot took and what the log has grown by since. Members with the same log choose the same
 * positions, or every second one of each other's: all are multiples of the same.
 */
export class SnapshotPace {
  #snapshotBytes = 0;
  #logBytes = 0;
  #entries = 0;
  /** The last one that was wanted was not taken. */
  #isOverdue = false;

  /** Counts what was handed on. */
  handed(entries: readonly Entry[]): void {
    for (const entry of entries) this.#logBytes += entryBytes(entry);
    this.#entries += entries.length;
  }

  /** Counts anew from a snapshot on, which these entries follow. */
  wanted(after: readonly Entry[]): void {
    this.#isOverdue = false;
    this.#logBytes = 0;
    this.#entries = 0;
    this.handed(after);
  }

  /** Notes what a snapshot took. */
  saved(bytes: number): void {
    this.#snapshotBytes = bytes;
  }

  /** Notes that the one that was wanted last was not taken. */
  missed(): void {
    this.#isOverdue = true;
  }

  /** All of it. */
  describe(): readonly unknown[] {
    return [this.#snapshotBytes, this.#logBytes, this.#entries, this.#isOverdue];
  }

  /** Every how many positions one is due, as things are: `every`, times a power of two. */
  stride(every: number): number {
    if (this.#entries === 0 || this.#isOverdue) return every;
    const bytesBetween = (this.#logBytes / this.#entries) * every;
    const wanted = this.#snapshotBytes / writesPerLogByte;
    let stride = 1;
    while (stride * bytesBetween < wanted && 2 * stride * bytesBetween <= logBytesMax) stride *= 2;
    return stride * every;
  }
}
