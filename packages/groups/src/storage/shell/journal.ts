import type {
  GroupLog,
  LogBatch,
  LogOpening,
  SnapshotSource,
  SnapshotStage,
} from "../../log-storage.ts";
import type { SnapshotMeta } from "../../raft/entry.ts";
import type { StoredState } from "../../raft/raft-init.ts";
import { GroupStorageError } from "../../storage-error.ts";
import { latestMark, type Mark, sealMark } from "../core/mark.ts";
import { Outline } from "../core/outline.ts";
import { type Change, chainOf, firstChain, type Hash, sealRecord } from "../core/record.ts";
import { type Found, Replay } from "../core/replay.ts";
import type { Medium } from "./medium.ts";
import { Shelf } from "./shelf.ts";
import { storageFailure } from "./storage-failure.ts";

/** What a journal is opened with. */
export interface JournalInit extends LogOpening {
  readonly medium: Medium;
  readonly hash: Hash;
  /** A segment that has this many bytes is followed by a new one. */
  readonly segmentBytesMax: number;
  /** After each mark; what is written meanwhile shares the next one. Default: no pause. */
  readonly pauseMarks?: () => Promise<void>;
}

/**
 * Opens the journal in a medium, which is closed where that fails.
 *
 * @throws GroupStorageError
 */
export async function openJournal(init: JournalInit): Promise<GroupLog> {
  const { medium, hash, group } = init;
  try {
    const mark = latestMark(await medium.marksFound(), hash);
    const replay = new Replay(group, mark, medium, hash);
    for await (const { sequence, bytes } of medium.records()) replay.add(sequence, bytes);
    const found = replay.finish();
    if (found.kind === "corrupt") throw new GroupStorageError("corrupt", found.reason);
    const journal = new Journal(init, found);
    await journal.begin(found);
    return journal;
  } catch (cause) {
    await medium.close().catch(() => {}); // what failed first is what is told
    throw storageFailure(cause);
  }
}

/** A {@link GroupLog} that is a sequence of records; see there for what it promises. */
class Journal implements GroupLog {
  readonly #init: JournalInit;
  readonly #medium: Medium;
  readonly #outline: Outline;
  readonly #shelf: Shelf;
  #stored: StoredState | undefined;
  #sequence = 0;
  #chain: Uint8Array;
  #segmentBytes = 0;
  #failure: GroupStorageError | undefined;
  #last: Promise<void> = Promise.resolve();
  #marking: Promise<void> | undefined;
  #marked = 0;
  readonly #active = new Set<Promise<unknown>>();
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(init: JournalInit, found: Exclude<Found, { kind: "corrupt" }>) {
    const { group, freshIncarnation: incarnation, medium, hash } = init;
    const isRoom = found.kind === "room";
    this.#init = init;
    this.#medium = medium;
    this.#stored = isRoom ? found.stored : undefined;
    this.#outline = isRoom
      ? found.outline
      : new Outline({ group, incarnation, lastIndex: 0, lastTerm: 0 });
    this.#chain = isRoom ? found.chain : firstChain(group, hash);
    this.#sequence = isRoom ? found.sequence : 0;
    this.#shelf = new Shelf(medium, hash, async (act) => {
      this.#check();
      return this.#guard(act);
    });
  }

  get incarnation(): string {
    return this.#outline.incarnation;
  }

  get stored(): StoredState | undefined {
    return this.#stored;
  }

  /** Makes the room what was found, and what was found durable. */
  async begin(found: Found): Promise<void> {
    if (found.kind === "room") {
      await this.#medium.resume(this.#outline.segment, this.#sequence);
      await this.#medium.dropBefore(this.#outline.neededFrom);
    } else await this.#medium.begin(sealMark(this.#mark(), this.#init.hash));
    await this.#shelf.begin(this.#outline.snapshot);
    const resets = found.kind === "room" && found.resets;
    await this.#write({ resets, entries: [] }, { begins: true });
  }

  append(batch: LogBatch): Promise<void> {
    return this.#serial(async () => {
      const { hard, truncateFrom, entries, inBackground } = batch;
      this.#stored = undefined;
      const snapshot = batch.snapshot && this.#shelf.finished(batch.snapshot);
      if (batch.snapshot && !snapshot) throw new RangeError("the snapshot is not staged");
      const change = { hard, snapshot, resets: snapshot && true, truncateFrom, entries };
      await this.#write(change, { inBackground });
    });
  }

  stageSnapshot(meta: SnapshotMeta): SnapshotStage {
    this.#check();
    return this.#shelf.stage(meta);
  }

  saveSnapshot(meta: SnapshotMeta): Promise<boolean> {
    return this.#serial(async () => {
      const snapshot = this.#shelf.finished(meta);
      if (!snapshot) throw new RangeError("the snapshot is not staged");
      if (meta.index <= (this.#outline.snapshot?.meta.index ?? 0)) {
        await this.#shelf.drop(snapshot);
        return false;
      }
      await this.#write({ snapshot, entries: [] });
      return true;
    });
  }

  async openSnapshot(): Promise<SnapshotSource | undefined> {
    this.#check();
    return this.#shelf.open();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    while (this.#active.size > 0) await Promise.allSettled(this.#active);
    if (this.#medium.marks) await this.#writeMark().catch(() => {}); // noted by the guard
    await this.#medium.close().catch((cause: unknown) => {
      throw storageFailure(cause);
    });
  }

  /** Writes a record; once that is durable, lets go of what it makes needless. */
  async #write(
    change: Change,
    {
      begins = false,
      inBackground = false,
    }: { begins?: boolean; inBackground?: boolean | undefined } = {},
  ): Promise<void> {
    const { hash, segmentBytesMax } = this.#init;
    const refusal = this.#outline.refusalOf(change);
    if (refusal !== undefined) throw new RangeError(refusal);
    const isStart = begins || this.#segmentBytes >= segmentBytesMax;
    const whole = isStart ? { checkpoint: this.#outline.checkpoint(), ...change } : change;
    const sequence = this.#sequence + 1;
    const record = sealRecord(whole, sequence, this.#chain, hash);
    const how = { isSegmentStart: isStart, inBackground };
    await this.#guard(() => this.#medium.append(sequence, record, how));
    this.#outline.apply(sequence, whole);
    this.#sequence = sequence;
    this.#chain = chainOf(record);
    this.#segmentBytes = record.byteLength + (isStart ? 0 : this.#segmentBytes);
    this.#keepMark();
    if (!change.snapshot) return;
    this.#shelf.putInForce(change.snapshot);
    this.#tidy();
  }

  /** Lets go of what the snapshot in force makes needless, after whatever waits already. */
  #tidy(): void {
    const from = this.#outline.neededFrom;
    const act = async (): Promise<void> => {
      await this.#shelf.tidy();
      await this.#medium.dropBefore(from);
    };
    this.#last = this.#last.then(() => this.#guard(act)).catch(() => {}); // noted by the guard
  }

  #mark(): Mark {
    return { sequence: this.#sequence, chain: this.#chain };
  }

  /** Writes the mark behind the records; where they come fast, only the latest. */
  #keepMark(): void {
    if (!this.#medium.marks || this.#marking) return;
    this.#marking = this.#writeMarks()
      .catch(() => {}) // noted by the guard
      .finally(() => {
        this.#marking = undefined;
      });
  }

  async #writeMarks(): Promise<void> {
    while (this.#marked < this.#sequence && !this.#isClosed) {
      await this.#writeMark();
      await this.#init.pauseMarks?.();
    }
  }

  async #writeMark(): Promise<void> {
    const mark = this.#mark();
    if (mark.sequence === this.#marked) return;
    await this.#guard(() => this.#medium.mark(sealMark(mark, this.#init.hash)));
    this.#marked = mark.sequence;
  }

  /** Runs an act after those before it. */
  #serial<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#isClosed) return Promise.reject(this.#failure ?? closed());
    const next = this.#last.then(() => {
      if (this.#failure) throw this.#failure;
      return act();
    });
    this.#last = next.then(
      () => {},
      () => {}, // said to whoever waits for `next`
    );
    return next;
  }

  /** Runs what touches the medium: not at all after a failure, and its own failure is final. */
  async #guard<Value>(act: () => Promise<Value>): Promise<Value> {
    if (this.#failure) throw this.#failure;
    const acting = act();
    this.#active.add(acting);
    try {
      return await acting;
    } catch (cause) {
      this.#failure ??= storageFailure(cause);
      throw this.#failure;
    } finally {
      this.#active.delete(acting);
    }
  }

  /** @throws GroupStorageError where nothing can be done any more. */
  #check(): void {
    if (this.#failure) throw this.#failure;
    if (this.#isClosed) throw closed();
  }
}

function closed(): GroupStorageError {
  return new GroupStorageError("closed", "the storage is closed");
}
