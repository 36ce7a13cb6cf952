import { invariant } from "@mosaik/primitives";
import { type Entry, entryBytes } from "./entry.ts";

/**
 * The part of the log that is kept in memory: what follows the base, which a snapshot covers.
 *
 * 1. Entries are contiguous: the entry after index i is i + 1, the first one base + 1.
 * 2. Terms never fall along the log.
 */
export class Log {
  #entries: Entry[] = [];
  #baseIndex = 0;
  #baseTerm = 0;

  /** The position that everything kept follows; itself covered by a snapshot, or 0. */
  get baseIndex(): number {
    return this.#baseIndex;
  }

  /** The last position, the base's where nothing follows it. */
  get lastIndex(): number {
    return this.#baseIndex + this.#entries.length;
  }

  /** The term at the last position. */
  get lastTerm(): number {
    return this.#entries.at(-1)?.term ?? this.#baseTerm;
  }

  /** The term at a position, where it is known: from the base to the end. */
  termAt(index: number): number | undefined {
    if (index === this.#baseIndex) return this.#baseTerm;
    return this.#entries[index - this.#baseIndex - 1]?.term;
  }

  /** The entry at a position that is kept. */
  at(index: number): Entry | undefined {
    return this.#entries[index - this.#baseIndex - 1];
  }

  /** Adds an entry at the end. */
  append(entry: Entry): void {
    invariant(entry.index === this.lastIndex + 1, "log entries are contiguous");
    invariant(entry.term >= this.lastTerm, "log terms never fall");
    this.#entries.push(entry);
  }

  /** Drops everything from a position on. */
  truncateFrom(index: number): void {
    invariant(index > this.#baseIndex, "what a snapshot covers is not truncated");
    this.#entries.length = Math.min(this.#entries.length, index - this.#baseIndex - 1);
  }

  /** Entries from a kept position on: at least one where there is one, then as many as fit. */
  slice(from: number, entriesMax: number, bytesMax: number): Entry[] {
    return this.range(from, this.endOf(from, entriesMax, bytesMax));
  }

  /** The position of the last of these entries; the one before `from` where there is none. */
  endOf(from: number, entriesMax: number, bytesMax: number): number {
    const last = Math.min(this.lastIndex, from + entriesMax - 1);
    let bytes = 0;
    for (let index = from; index <= last; index++) {
      const entry = this.at(index);
      bytes += entry ? entryBytes(entry) : 0;
      if (entry === undefined || (bytes > bytesMax && index > from)) return index - 1;
    }
    return Math.max(last, from - 1);
  }

  /** Entries of a range of kept positions, both ends included. */
  range(from: number, to: number): Entry[] {
    return this.#entries.slice(from - this.#baseIndex - 1, to - this.#baseIndex);
  }

  /** Lets go of entries up to a position. */
  compactTo(index: number): void {
    const term = this.termAt(index);
    if (index <= this.#baseIndex || term === undefined) return;
    this.#entries.splice(0, index - this.#baseIndex);
    this.#baseIndex = index;
    this.#baseTerm = term;
  }

  /** Starts over after a snapshot. */
  reset(index: number, term: number): void {
    this.#entries = [];
    this.#baseIndex = index;
    this.#baseTerm = term;
  }

  /**
   * The last position, at most `index`, whose term is at most `term`: where a log that has `term` at
   * `index` can agree with this one at best.
   */
  lastNotAfter(index: number, term: number): number {
    let at = Math.min(index, this.lastIndex);
    while (at > this.#baseIndex && (this.termAt(at) ?? 0) > term) at--;
    return at;
  }
}
