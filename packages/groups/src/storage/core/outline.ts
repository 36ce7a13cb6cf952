import type { HardState, SnapshotMeta } from "../../raft/entry.ts";
import type { Change, Checkpoint, SnapshotRecord } from "./record.ts";
import { TermRuns } from "./term-runs.ts";

/**
 * What a room holds, but for the entries themselves: what records say, applied in their order.
 *
 * 1. Entries follow each other without a gap.
 * 2. A segment is needed until the snapshot in force covers every entry that was ever in it.
 */
export class Outline {
  readonly group: string;
  readonly incarnation: string;
  hard: HardState | undefined;
  snapshot: SnapshotRecord | undefined;
  #terms: TermRuns;
  #segments: { readonly start: number; lastIndex: number }[] = [];

  /** Begins at a checkpoint. Apply the record that has it next. */
  constructor(checkpoint: Checkpoint) {
    this.group = checkpoint.group;
    this.incarnation = checkpoint.incarnation;
    this.hard = checkpoint.hard;
    this.snapshot = checkpoint.snapshot;
    this.#terms = new TermRuns(checkpoint.lastIndex, checkpoint.lastTerm);
  }

  /** The end of the log. */
  get lastIndex(): number {
    return this.#terms.last;
  }

  /** The sequence of the first record that is still needed. */
  get neededFrom(): number {
    const covered = this.snapshot?.meta.index ?? 0;
    const needed = this.#segments.find(
      (segment, at) => at === this.#segments.length - 1 || segment.lastIndex > covered,
    );
    return needed?.start ?? 1;
  }

  /** The start of the segment that is written to. */
  get segment(): number {
    return this.#segments.at(-1)?.start ?? 1;
  }

  /** Whether the log contains, or begins after, what a snapshot covers. */
  leadsTo(meta: SnapshotMeta): boolean {
    return this.termAt(meta.index) === meta.term;
  }

  /** The term at a position, where it is known. */
  termAt(index: number): number | undefined {
    return index === 0 ? 0 : this.#terms.at(index);
  }

  /** Why a change cannot follow; nothing where it can. */
  refusalOf(change: Change): string | undefined {
    const base = change.resets ? (change.snapshot ?? this.snapshot)?.meta.index : undefined;
    const end = base ?? this.lastIndex;
    const last = Math.min(end, (change.truncateFrom ?? end + 1) - 1);
    const [first] = change.entries;
    if (first && first.index !== last + 1) {
      return `entry ${first.index} does not follow ${last}`;
    }
    const isGapless = change.entries.every((entry, at) => entry.index === last + 1 + at);
    return isGapless ? undefined : "entries do not follow each other";
  }

  /** Applies what the record of a sequence says. */
  apply(sequence: number, change: Change): void {
    const { hard, snapshot, truncateFrom, entries } = change;
    if (change.checkpoint) this.#segments.push({ start: sequence, lastIndex: 0 });
    if (hard) this.hard = hard;
    if (snapshot) this.snapshot = snapshot;
    if (change.resets) this.#reset();
    if (truncateFrom !== undefined) this.#truncateFrom(truncateFrom);
    for (const entry of entries) this.#terms.push(entry.term);
    const segment = this.#segments.at(-1);
    if (segment && entries.length > 0) {
      segment.lastIndex = Math.max(segment.lastIndex, this.lastIndex);
    }
    if (snapshot) this.#forget();
  }

  /** What a new segment begins with. */
  checkpoint(): Checkpoint {
    const { group, incarnation, lastIndex, snapshot, hard } = this;
    return { group, incarnation, lastIndex, lastTerm: this.#lastTerm(), snapshot, hard };
  }

  #lastTerm(): number {
    const { meta } = this.snapshot ?? {};
    const known = this.termAt(this.lastIndex);
    return known ?? (meta?.index === this.lastIndex ? meta.term : 0);
  }

  #reset(): void {
    const { index = 0, term = 0 } = this.snapshot?.meta ?? {};
    this.#terms = new TermRuns(index, term);
    for (const segment of this.#segments) segment.lastIndex = 0;
  }

  #truncateFrom(index: number): void {
    this.#terms.truncateFrom(index);
  }

  #forget(): void {
    const from = this.#segments.findIndex((segment) => segment.start === this.neededFrom);
    if (from > 0) this.#segments.splice(0, from);
    this.#terms.forgetBefore(Math.min(this.snapshot?.meta.index ?? 0, this.lastIndex));
  }
}
