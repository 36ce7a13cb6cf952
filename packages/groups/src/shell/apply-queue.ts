import type { Clock, Log } from "@mosaik/primitives";
import {
  applyTurnBytes,
  applyTurnMs,
  snapshotPiecesMax,
  snapshotRest,
  snapshotRetryFirstMs,
  snapshotRetryMaxMs,
} from "../config.ts";
import type { Applied, Replica } from "../core/replica.ts";
import type { GroupLog } from "../log-storage.ts";
import type { Entry, SnapshotMeta } from "../raft/entry.ts";
import { logBytesMax, writesPerLogByte } from "../raft/snapshot-pace.ts";
import { Slices } from "./slices.ts";

/** The part of a replica that does not depend on what the user's machine is. */
export type AnyReplica<Result> = Pick<
  Replica<unknown, Result, unknown, unknown>,
  "apply" | "settle" | "snapshot" | "restoration" | "recall" | "checkpoint" | "position"
>;

/** What the queue tells its user. */
export interface ApplyListener<Result> {
  /** An entry with commands was applied. */
  applied(applied: Applied<Result>): void;
  /** Everything that was there is applied, up to a position. */
  advanced(position: number): void;
  /** The state was replaced by a snapshot's. */
  restored(): void;
  /** The state cannot be told any more: nothing may go on. */
  broken(reason: string, error: unknown): void;
}

/** Who is told what became of snapshots of the own state. */
export interface SnapshotListener {
  /** One, of so many bytes, is durable and in force. */
  saved(meta: SnapshotMeta, bytes: number): void;
  /** One was wanted and not taken: because of an error, of one not long ago, or of one just read. */
  missed(error: unknown): void;
}

/** What a queue is made with. */
export interface ApplyQueueInit<Result> {
  /** Absent at a witness, which keeps positions only. */
  readonly replica: AnyReplica<Result> | undefined;
  readonly storage: GroupLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: ApplyListener<Result>;
  readonly snapshots: SnapshotListener;
}

type Step =
  | {
      readonly kind: "entries";
      readonly entries: readonly Entry[];
      readonly snapshot: SnapshotMeta | undefined;
    }
  | {
      readonly kind: "restore";
      readonly meta: SnapshotMeta;
      readonly durable: Promise<void> | undefined;
    };

/**
 * Applies what is committed, in order: at once where it can, after the snapshot that is being read
 * where there is one. Of much that came at once the event loop turns between parts. Takes snapshots
 * of the state between two entries, and writes them while further ones are applied. Of a snapshot that
 * is written or read one piece at a time is in memory, and the event loop turns between two, and within
 * one that takes long.
 */
export class ApplyQueue<Result> {
  readonly #init: ApplyQueueInit<Result>;
  #waiting: Step[] = [];
  #running = false;
  #reading = false;
  #saving = false;
  /** Snapshots that failed since the last that did not, and until when none is tried, monotonic ms. */
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;
  #closed = false;
  #position = 0;
  /** Bytes of log to be applied until a snapshot is worth it: after one was read there is one. */
  #spareBytes = 0;
  /** Bytes applied in this turn, and since when, monotonic ms. */
  #turnBytes = 0;
  #turnBeganMs = 0;

  constructor(init: ApplyQueueInit<Result>) {
    this.#init = init;
  }

  /** The last position applied. */
  get position(): number {
    return this.#position;
  }

  /** Whether there is more to apply than was applied. */
  get isBehind(): boolean {
    return this.#reading || this.#waiting.length > 0;
  }

  /**
   * Applies entries after all that came before them; `snapshot`: and takes one right after that
   * position, unless another is still being written. `soon`: once this turn of the event loop is over.
   */
  push(entries: readonly Entry[], snapshot?: SnapshotMeta, when: "now" | "soon" = "now"): void {
    this.#waiting.push({ kind: "entries", entries, snapshot });
    if (this.#running) return;
    if (when === "now") return void this.#run();
    this.#running = true;
    this.#init.clock.soon(() => void this.#run());
  }

  /**
   * Replaces the state by a snapshot: by the own one, in force already, as fast as it can; by another's
   * once what puts it in force is durable, and with rests, since the group goes on meanwhile.
   */
  restore(meta: SnapshotMeta, durable: Promise<void> | undefined): void {
    this.#waiting.push({ kind: "restore", meta, durable });
    if (!this.#running) void this.#run();
  }

  /** Applies nothing more. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  /** Applies as many entries as one turn may; puts the others back in front. */
  #apply({ entries, snapshot }: Extract<Step, { kind: "entries" }>): void {
    const { replica, listener } = this.#init;
    for (const [number, entry] of entries.entries()) {
      if (this.#closed) return;
      if (entry.index <= this.#position) continue;
      if (this.#isTurnOver) {
        this.#waiting.unshift({ kind: "entries", entries: entries.slice(number), snapshot });
        break;
      }
      this.#turnBytes += entry.data.byteLength;
      this.#spareBytes = Math.max(0, this.#spareBytes - entry.data.byteLength);
      this.#position = entry.index;
      const applied = replica?.apply(entry);
      if (applied) listener.applied(applied);
      if (entry.index === snapshot?.index) this.#take(snapshot);
    }
    replica?.settle();
    listener.advanced(this.#position);
  }

  /** Does all that waits: what fits into this turn before it returns. */
  async #run(): Promise<void> {
    this.#running = true;
    this.#beginTurn();
    try {
      for (let step = this.#waiting.shift(); step && !this.#closed; step = this.#waiting.shift()) {
        if (step.kind === "restore") await this.#read(step.meta, step.durable);
        else this.#apply(step);
        if (!this.#isTurnOver) continue;
        await new Slices(this.#init.clock).turn();
        this.#beginTurn();
      }
    } catch (error) {
      const what = this.#reading ? "a snapshot cannot be read" : "an entry cannot be applied";
      if (!this.#closed) this.#init.listener.broken(what, error);
    } finally {
      this.#running = false;
    }
  }

  #beginTurn(): void {
    this.#turnBytes = 0;
    this.#turnBeganMs = this.#init.clock.monotonic();
  }

  get #isTurnOver(): boolean {
    const spentMs = this.#init.clock.monotonic() - this.#turnBeganMs;
    return this.#turnBytes > applyTurnBytes || spentMs >= applyTurnMs;
  }

  async #read(meta: SnapshotMeta, durable: Promise<void> | undefined): Promise<void> {
    this.#reading = true;
    await durable;
    const { replica, listener } = this.#init;
    if (this.#closed) return;
    if (replica === undefined) this.#position = meta.index;
    else {
      const slices = new Slices(this.#init.clock, durable ? snapshotRest : 0);
      const bytes = await this.#restore(replica, slices);
      if (this.#closed) return;
      this.#position = replica.position;
      this.#spareBytes = Math.min(bytes / writesPerLogByte, logBytesMax);
    }
    this.#reading = false;
    listener.restored();
    listener.advanced(this.#position);
  }

  /** Answers how many bytes the snapshot has. */
  async #restore(replica: AnyReplica<Result>, slices: Slices): Promise<number> {
    const source = await this.#init.storage.openSnapshot();
    if (source === undefined) throw new Error("there is no snapshot");
    try {
      const restoring = replica.restoration();
      let bytes = 0;
      for (let at = 0; at < source.chunks && !this.#closed; at++) {
        const piece = await source.read(at);
        bytes += piece.byteLength;
        for (const isOurs of restoring.take(piece)) {
          if (!isOurs) throw notOurs();
          await slices.pause();
          if (this.#closed) return bytes;
        }
        await slices.pause();
      }
      if (!this.#closed && !restoring.finish()) throw notOurs();
      return bytes;
    } finally {
      await source.close();
    }
  }

  #take(meta: SnapshotMeta): void {
    if (this.#saving) return;
    const { clock, snapshots } = this.#init;
    const isEarly = clock.monotonic() < this.#notBeforeMs;
    if (isEarly || this.#spareBytes > 0) return snapshots.missed(undefined);
    this.#saving = true;
    void this.#save(meta).finally(() => {
      this.#saving = false;
    });
  }

  async #save(meta: SnapshotMeta): Promise<void> {
    const { replica, storage, clock, log, snapshots } = this.#init;
    try {
      const pieces = replica?.snapshot() ?? []; // before anything is waited for: the state of now
      const stage = storage.stageSnapshot(meta);
      const slices = new Slices(clock, snapshotRest);
      try {
        let written = 0;
        let bytes = 0;
        for (const piece of pieces) {
          if (piece === undefined) await slices.pause();
          if (this.#closed) return await stage.discard();
          if (piece === undefined) continue;
          if (++written > snapshotPiecesMax) throw new RangeError("the state is too large");
          await stage.write(piece);
          bytes += piece.byteLength;
          await slices.turn();
        }
        await stage.finish();
        const isNewest = await storage.saveSnapshot(meta);
        this.#failures = 0;
        if (isNewest && !this.#closed) snapshots.saved(meta, bytes);
      } catch (error) {
        await stage.discard();
        throw error;
      }
    } catch (error) {
      if (this.#closed) return;
      log.error("a snapshot could not be taken", { position: meta.index, error });
      const waitMs = snapshotRetryFirstMs * 2 ** Math.min(this.#failures++, 20);
      this.#notBeforeMs = clock.monotonic() + Math.min(waitMs, snapshotRetryMaxMs);
      snapshots.missed(error);
    }
  }
}

function notOurs(): Error {
  return new Error("the snapshot is not one of this machine");
}
