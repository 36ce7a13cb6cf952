import { type Entry, entryBytes } from "../../src/raft/entry.ts";
import { Violation } from "./violation.ts";

/**
 * What a node's snapshots write, beside what its log does, in one run of it: at most four times as much,
 * the sizes being those of the ones before. Twice that is allowed, as the first one after a change of
 * pace may come early; and the first ones of a run, of whose size nothing is known.
 */
export class SnapshotAccount {
  #logBytes = 0;
  #written = 0;
  #largest = 0;

  /** Entries were handed on; whether a snapshot might have been taken on the way, and was not wanted. */
  handed(entries: readonly Entry[], every: number, wantedAt: number | undefined): boolean {
    for (const entry of entries) this.#logBytes += entryBytes(entry);
    if (wantedAt !== undefined && wantedAt % every !== 0) {
      throw new Violation(`a snapshot is wanted at ${wantedAt}, which is no multiple of ${every}`);
    }
    return wantedAt === undefined && entries.some(({ index }) => index % every === 0);
  }

  /** A snapshot was written. */
  saved(bytes: number): void {
    this.#written += bytes;
    this.#largest = Math.max(this.#largest, bytes);
    const most = 8 * this.#logBytes + 4 * this.#largest;
    if (this.#written <= most) return;
    throw new Violation(`snapshots of ${this.#written} bytes for ${this.#logBytes} of log`);
  }
}
