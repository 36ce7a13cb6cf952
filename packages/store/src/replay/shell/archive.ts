import type { Clock, Log, PeerId } from "@mosaik/primitives";
import type { BlockRoom } from "../block-storage.ts";
import { blockOpenMs, unwrittenBytesMax } from "../config.ts";
import { Block } from "../core/block.ts";
import type { Frames } from "../core/frames.ts";
import { type Found, History, type HistoryLimits, type SourceSummary } from "../core/history.ts";
import type { Offset } from "../core/position.ts";

/** What an archive is made of. */
export interface ArchiveInit {
  readonly limits: HistoryLimits;
  /** Where blocks are stored; `undefined`: in memory only. */
  readonly room: BlockRoom | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** What it holds, or how it is, has changed. */
  readonly onChange: () => void;
  /** The storage failed: nothing more is kept. */
  readonly onFailure: (error: unknown) => void;
}

/** A history and its storage: blocks are stored as they are completed, and read back when asked for. */
export class Archive {
  readonly history: History;
  readonly #init: ArchiveInit;
  /** Written, in this order, one at a time. */
  #unwritten: Block[] = [];
  #unwrittenBytes = 0;
  #writing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #droppedBefore = 0;
  #dropsDue = false;
  #damaged: number;
  #failed = false;
  #closed = false;

  constructor(init: ArchiveInit) {
    this.#init = init;
    this.#damaged = init.room?.damaged ?? 0;
    this.history = new History(init.limits, {
      sealed: (block) => this.#sealed(block),
      dropped: (block) => this.#dropped(block),
    });
    for (const { items, bytes, atMs, ...head } of init.room?.found ?? []) {
      this.history.restore(new Block({ ...head, stored: { items, bytes, atMs } }));
    }
    this.#tick();
  }

  /** Blocks that could not be read as they were written. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Keeps items, and says whether the storage keeps up: if not, `whenRoom` tells when. */
  append(producer: PeerId, at: Offset, run: Frames, atMs: number): void {
    if (this.#failed || this.#closed) return;
    this.history.append(producer, at, run, atMs);
    this.#init.onChange();
  }

  /** Whether the storage is behind: nothing more should be kept for now. */
  get isBehind(): boolean {
    return this.#unwrittenBytes > unwrittenBytesMax;
  }

  /** Calls once the storage has caught up. */
  whenRoom(call: () => void): void {
    if (this.isBehind) this.#waiting.push(call);
    else call();
  }

  summary(sinceMs?: number): SourceSummary[] {
    this.history.expire(this.#init.clock.now());
    return this.history.summary(sinceMs);
  }

  find(producer: PeerId, place: Offset): Found {
    return this.history.find(producer, place);
  }

  /** The items of a block, as far as there are any now; `undefined` where they cannot be read. */
  read(block: Block): Uint8Array | Promise<Uint8Array | undefined> {
    return block.frames ?? this.#load(block);
  }

  /** Completes the open blocks, and waits until all is stored. */
  async flush(): Promise<void> {
    this.history.seal(this.#init.clock.now(), "all");
    while (this.#writing !== undefined) await this.#writing;
    if (!this.#failed) await this.#init.room?.sync();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush().catch((error: unknown) => this.#fail(error));
    await this.#init.room?.close().catch((error: unknown) => this.#fail(error));
  }

  /** Completes blocks that were open for long enough, and drops those that are too old. */
  #tick(): void {
    const { clock } = this.#init;
    clock.after(blockOpenMs, () => {
      if (this.#closed) return;
      const { items } = this.history;
      this.history.seal(clock.now());
      this.history.expire(clock.now());
      if (items !== this.history.items) this.#init.onChange();
      const { room } = this.#init;
      if (room !== undefined && this.#dropsDue && !this.#failed)
        this.#writing ??= this.#write(room);
      this.#tick();
    });
  }

  #sealed(block: Block): void {
    if (this.#init.room === undefined || this.#failed) return;
    this.#unwritten.push(block);
    this.#unwrittenBytes += block.bytes;
    this.#writing ??= this.#write(this.#init.room);
  }

  async #write(room: BlockRoom): Promise<void> {
    try {
      while (this.#unwritten.length > 0) {
        const lot = this.#unwritten;
        this.#unwritten = [];
        let bytes = 0;
        for (const block of lot) {
          bytes += block.bytes;
          const frames = block.frames ?? new Uint8Array();
          await room.append(headOf(block), frames);
        }
        await room.sync();
        for (const block of lot) block.release();
        this.#unwrittenBytes -= bytes;
        if (!this.isBehind) this.#letIn();
      }
      await this.#dropStored(room);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #dropped(block: Block): void {
    if (block.number < this.#droppedBefore) return;
    this.#droppedBefore = block.number + 1;
    this.#dropsDue = true;
  }

  async #dropStored(room: BlockRoom): Promise<void> {
    if (!this.#dropsDue) return;
    this.#dropsDue = false;
    await room.dropBefore(this.#droppedBefore);
  }

  async #load(block: Block): Promise<Uint8Array | undefined> {
    const { room, log } = this.#init;
    const frames = await room?.read(block.number).catch((error: unknown) => {
      log.error("a block of history cannot be read", { number: block.number, error });
      return undefined;
    });
    if (frames !== undefined) return frames;
    log.error("a block of history is damaged, and not served", {
      producer: block.producer,
      from: block.sequence,
      items: block.items,
    });
    this.#damaged++;
    this.history.spoil(block);
    this.#init.onChange();
    return undefined;
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    this.#letIn();
    this.#init.onFailure(error);
  }

  #letIn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) call();
  }
}

function headOf(block: Block) {
  const { number, producer, incarnation, sequence, items, bytes, fromMs, atMs } = block;
  return { number, producer, incarnation, sequence, items, bytes, fromMs, atMs };
}
