import { encodeUtf8, equalBytes, type Random, randomInteger } from "@mosaik/primitives";
import { expect } from "vitest";
import type { GroupLog, LogBatch } from "../log-storage.ts";
import type { Entry, HardState, SnapshotMeta } from "../raft/entry.ts";
import type { StoredState } from "../raft/raft-init.ts";
import { batchOf, bytesOf, entriesOf, hardOf, metaOf, stage } from "./rig.ts";

/** One thing that a member does to its room. */
export interface Act {
  readonly batch: LogBatch | undefined;
  /** Of the member's own state, put in force. */
  readonly saved: SnapshotMeta | undefined;
  /** Of the snapshot that is saved, or comes with the batch. */
  readonly chunks: readonly Uint8Array[];
  /** A good place to stop and look. */
  readonly isPauseAfter: boolean;
  /** Does it; answers whether a saved snapshot came in force, `true` for anything else. */
  perform(log: GroupLog): Promise<boolean>;
}

/** What a member may do to its room, a number of times: as Raft would, with everything in it. */
export function* workload(count: number, random: Random): Generator<Act> {
  const pick = (bound: number): number => randomInteger(random, 0, bound - 1);
  const room = new ModelRoom();
  let term = 1;
  for (let number = 0; number < count; number++) {
    if (pick(5) === 0) term++;
    const end = room.lastIndex;
    const base = room.snapshotIndex;
    const kind = pick(12);
    const cut = kind < 3 && end > base ? base + 1 + pick(end - base) : undefined;
    const isSaved = kind === 3 && end > base;
    const installed = kind === 4 ? metaOf(end + pick(4) + (end === base ? 1 : 0), term) : undefined;
    const from = installed ? installed.index + 1 : (cut ?? end + 1);
    const entries = entriesOf(from, pick(4), term);
    const at = isSaved ? base + 1 + pick(end - base) : 0;
    const act = actOf({
      batch: isSaved
        ? undefined
        : batchOf({ hard: hardOf(term, base), snapshot: installed, truncateFrom: cut, entries }),
      saved: isSaved ? metaOf(at, room.termAt(at)) : undefined,
      chunks: installed || isSaved ? chunksOf(number, pick(4)) : [],
      isPauseAfter: pick(10) === 0,
    });
    room.apply(act);
    yield act;
  }
}

function actOf(parts: Omit<Act, "perform">): Act {
  const { batch, saved, chunks } = parts;
  return {
    ...parts,
    perform: async (log) => {
      const meta = saved ?? batch?.snapshot;
      if (meta) await stage(log, meta, chunks);
      if (batch) await log.append(batch);
      return saved === undefined || log.saveSnapshot(saved);
    },
  };
}

function chunksOf(seed: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => encodeUtf8(`chunk ${at} of ${seed}`));
}

/** What a room must hold. */
export class ModelRoom {
  hard: HardState | undefined;
  #snapshot: { readonly meta: SnapshotMeta; readonly bytes: string } | undefined;
  #entries = new Map<number, Entry>();
  #base = 0;
  #last = 0;

  get lastIndex(): number {
    return this.#last;
  }

  get snapshotIndex(): number {
    return this.#snapshot?.meta.index ?? 0;
  }

  /** The term of a position in the log. */
  termAt(index: number): number {
    return this.#entries.get(index)?.term ?? 0;
  }

  /** A copy, to go on from. */
  clone(): ModelRoom {
    const copy = new ModelRoom();
    copy.hard = this.hard;
    copy.#snapshot = this.#snapshot;
    copy.#entries = new Map(this.#entries);
    copy.#base = this.#base;
    copy.#last = this.#last;
    return copy;
  }

  /** Does what an act does to a room; answers what the act answers. */
  apply({ batch, saved, chunks }: Act): boolean {
    const bytes = chunks.map((chunk) => new TextDecoder().decode(chunk)).join("");
    if (saved) {
      if (saved.index <= this.snapshotIndex) return false;
      this.#snapshot = { meta: saved, bytes };
    }
    if (!batch) return true;
    this.hard = batch.hard;
    if (batch.snapshot) {
      this.#snapshot = { meta: batch.snapshot, bytes };
      this.#base = batch.snapshot.index;
      this.#cutFrom(0);
      this.#last = this.#base;
    }
    if (batch.truncateFrom !== undefined) this.#cutFrom(batch.truncateFrom);
    for (const entry of batch.entries) this.#entries.set(entry.index, entry);
    this.#last += batch.entries.length;
    return true;
  }

  /** What a start must find. */
  stored(): StoredState | undefined {
    if (!this.hard) return undefined;
    const entries = [...this.#entries.values()]
      .filter(({ index }) => index > this.snapshotIndex)
      .sort((a, b) => a.index - b.index);
    return { hard: this.hard, snapshot: this.#snapshot?.meta, entries };
  }

  /** Whether a log that was just opened holds just this, its snapshot read to the end. */
  async isAllOf(log: GroupLog): Promise<boolean> {
    if (JSON.stringify(log.stored) !== JSON.stringify(this.stored())) return false;
    const source = await log.openSnapshot();
    if (!source || !this.#snapshot) return source === undefined && this.#snapshot === undefined;
    return equalBytes(await bytesOf(source), encodeUtf8(this.#snapshot.bytes));
  }

  /** Demands that a log holds just this. */
  async expectAllOf(log: GroupLog): Promise<void> {
    expect(log.stored).toEqual(this.stored());
    expect(await this.isAllOf(log)).toBe(true);
  }

  #cutFrom(index: number): void {
    for (const at of this.#entries.keys()) if (at >= index) this.#entries.delete(at);
    this.#last = Math.max(0, index - 1);
  }
}
