import type { Random } from "@mosaik/primitives";
import type { Persist } from "../../src/raft/effects.ts";
import type { Entry, HardState, SnapshotMeta } from "../../src/raft/entry.ts";
import type { StoredState } from "../../src/raft/raft-init.ts";
import type { Machine } from "./machine.ts";

/** What a crash does to writes whose fsync had not returned. */
export type CrashKind = "kept" | "dropped" | "torn";

/**
 * A disk: what is durable, and what is between write and fsync.
 *
 * What is durable survives a crash; the rest survives whole, not at all, or up to some point.
 */
export class Disk<State = Machine> {
  hard: HardState | undefined;
  snapshot: { readonly meta: SnapshotMeta; readonly state: State } | undefined;
  /** Durable entries, the first at `firstIndex`. */
  entries: Entry[] = [];
  firstIndex = 1;
  /** A durable entry whose bytes went bad. */
  corruptIndex: number | undefined;
  /** Snapshots received whole, not yet in force. */
  staged = new Map<number, State>();
  #batches: Persist[] = [];

  get lastIndex(): number {
    return this.firstIndex + this.entries.length - 1;
  }

  get isWriting(): boolean {
    return this.#batches.length > 0;
  }

  /** What is written and not yet durable. */
  get pending(): readonly Persist[] {
    return this.#batches;
  }

  /** The term of a durable position, the snapshot's own included. */
  termAt(index: number): number | undefined {
    const term = this.entries[index - this.firstIndex]?.term;
    return term ?? (index === this.snapshot?.meta.index ? this.snapshot.meta.term : undefined);
  }

  /** Whether a position is durable here with a term. */
  has(index: number, term: number): boolean {
    return this.termAt(index) === term || index <= (this.snapshot?.meta.index ?? 0);
  }

  /** Begins to write a batch. */
  write(batch: Persist): void {
    this.#batches.push(batch);
  }

  /** The fsync of the first batch returned. */
  sync(): void {
    const batch = this.#batches.shift();
    if (batch) this.#make(batch, batch.entries.length);
  }

  /** Loses power. */
  crash(kind: CrashKind, random: Random): void {
    const batches = this.#batches;
    this.#batches = [];
    const [batch] = batches;
    if (!batch || kind === "dropped") return;
    if (kind === "kept") {
      for (const one of batches) this.#make(one, one.entries.length);
      return;
    }
    const steps = Math.floor(random.next() * (3 + batch.entries.length));
    if (steps === 0) return;
    this.hard = batch.hard;
    if (steps === 1) return;
    this.#make(batch, steps - 2);
  }

  /** Makes a local snapshot durable. */
  save(meta: SnapshotMeta, state: State): boolean {
    if (meta.index <= (this.snapshot?.meta.index ?? 0)) return false;
    this.snapshot = { meta, state };
    return true;
  }

  /** What a start finds: nothing on an empty disk. */
  load(): StoredState | undefined {
    if (!this.hard) return undefined;
    const { hard, snapshot } = this;
    const after = snapshot?.meta.index ?? 0;
    const term = this.entries[after - this.firstIndex]?.term ?? snapshot?.meta.term;
    // A snapshot that is ahead of the log, or of another branch, replaces it.
    if (this.lastIndex < after || term !== snapshot?.meta.term) {
      this.entries = [];
      this.firstIndex = after + 1;
    }
    const from = Math.max(0, after + 1 - this.firstIndex);
    const entries = this.lastIndex > after ? this.entries.slice(from) : [];
    return { hard, snapshot: snapshot?.meta, entries };
  }

  #make(batch: Persist, entriesMax: number): void {
    this.hard = batch.hard;
    if (batch.snapshot) {
      const state = this.staged.get(batch.snapshot.index);
      if (!state) throw new Error("a snapshot comes into force that was not received");
      this.snapshot = { meta: batch.snapshot, state };
      this.entries = [];
      this.firstIndex = batch.snapshot.index + 1;
      for (const index of this.staged.keys()) {
        if (index <= batch.snapshot.index) this.staged.delete(index);
      }
    }
    if (batch.truncateFrom !== undefined) this.#truncateFrom(batch.truncateFrom);
    for (const entry of batch.entries.slice(0, entriesMax)) {
      if (this.entries.length === 0) this.firstIndex = entry.index;
      if (entry.index !== this.lastIndex + 1) throw new Error("a gap is written to the log");
      this.entries.push(entry);
    }
    if (batch.compactTo !== undefined && entriesMax >= batch.entries.length) {
      const gone = Math.min(this.entries.length, batch.compactTo - this.firstIndex + 1);
      if (gone <= 0) return;
      this.entries = this.entries.slice(gone);
      this.firstIndex += gone;
    }
  }

  #truncateFrom(index: number): void {
    this.entries.length = Math.max(0, Math.min(this.entries.length, index - this.firstIndex));
  }
}
