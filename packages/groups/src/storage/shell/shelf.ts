import { concatBytes, encodeUtf8, equalBytes } from "@mosaik/primitives";
import { type SnapshotSource, type SnapshotStage, snapshotStagesMax } from "../../log-storage.ts";
import type { SnapshotMeta } from "../../raft/entry.ts";
import { GroupStorageError } from "../../storage-error.ts";
import type { Hash, SnapshotRecord } from "../core/record.ts";
import type { ChunkStore } from "./medium.ts";
import { Stage } from "./stage.ts";
import { storageFailure } from "./storage-failure.ts";

/** What follows bytes where they are kept: a hash that says what they are and where they belong. */
function sealOf(snapshot: number, chunk: number, bytes: Uint8Array, hash: Hash): Uint8Array {
  return hash(concatBytes(encodeUtf8(`${snapshot}/${chunk}/`), bytes));
}

/** The snapshots of a room: the one in force, those that are staged, those that are still read. */
export class Shelf {
  readonly #chunks: ChunkStore;
  readonly #hash: Hash | undefined;
  readonly #guard: <Value>(act: () => Promise<Value>) => Promise<Value>;
  readonly #stages = new Set<Stage>();
  readonly #readers = new Map<number, number>();
  #inForce: SnapshotRecord | undefined;
  readonly #needless = new Set<number>();
  #nextId = 1;

  /**
   * `hash`: absent where what is kept need not be checked. `guard` runs what writes: it fails where the
   * storage has failed, and notes a failure.
   */
  constructor(
    chunks: ChunkStore,
    hash: Hash | undefined,
    guard: <Value>(act: () => Promise<Value>) => Promise<Value>,
  ) {
    this.#chunks = chunks;
    this.#hash = hash;
    this.#guard = guard;
  }

  /** Drops every snapshot but the one in force. */
  async begin(inForce: SnapshotRecord | undefined): Promise<void> {
    this.#inForce = inForce;
    const ids = await this.#chunks.snapshots();
    this.#nextId = Math.max(0, inForce?.id ?? 0, ...ids) + 1;
    for (const id of ids) if (id !== inForce?.id) await this.#chunks.dropSnapshot(id);
  }

  /** Begins a stage. @throws RangeError where there are too many. */
  stage(meta: SnapshotMeta): SnapshotStage {
    if (this.#stages.size >= snapshotStagesMax) {
      throw new RangeError(`more than ${snapshotStagesMax} snapshots are staged`);
    }
    const id = this.#nextId++;
    const stage: Stage = new Stage(meta, id, {
      write: (chunk, bytes) =>
        this.#guard(() => this.#chunks.writeChunk(id, chunk, this.#sealed(id, chunk, bytes))),
      finish: () => this.#guard(() => this.#chunks.syncSnapshot(id)),
      discard: () => this.#discard(stage),
    });
    this.#stages.add(stage);
    return stage;
  }

  /** The finished stage of a snapshot, the latest where there are several. */
  finished(meta: SnapshotMeta): SnapshotRecord | undefined {
    const same = (stage: Stage): boolean =>
      stage.isFinished && stage.meta.index === meta.index && stage.meta.term === meta.term;
    return [...this.#stages].findLast(same)?.record;
  }

  /** Puts a finished stage in force. What it makes needless goes with the next `tidy`. */
  putInForce(record: SnapshotRecord): void {
    const before = this.#inForce;
    this.#inForce = record;
    for (const stage of this.#stages) {
      const isOutdated = stage.isFinished && stage.meta.index <= record.meta.index;
      if (!isOutdated) continue;
      this.#stages.delete(stage);
      if (stage.id !== record.id) this.#needless.add(stage.id);
    }
    if (before && !this.#readers.has(before.id)) this.#needless.add(before.id);
  }

  /** Drops what is needed no more. */
  async tidy(): Promise<void> {
    for (const id of this.#needless) {
      this.#needless.delete(id);
      await this.#chunks.dropSnapshot(id);
    }
  }

  /** Drops a finished stage. */
  async drop(record: SnapshotRecord): Promise<void> {
    for (const stage of this.#stages) if (stage.id === record.id) await stage.discard();
  }

  /** Opens the one in force. */
  open(): SnapshotSource | undefined {
    const record = this.#inForce;
    if (!record) return undefined;
    this.#readers.set(record.id, (this.#readers.get(record.id) ?? 0) + 1);
    let isOpen = true;
    return {
      meta: record.meta,
      chunks: record.chunks,
      bytes: record.bytes,
      read: (chunk) => this.#read(record, chunk),
      close: async () => {
        if (isOpen) await this.#leave(record);
        isOpen = false;
      },
    };
  }

  async #discard(stage: Stage): Promise<void> {
    if (!this.#stages.delete(stage)) return;
    await this.#guard(() => this.#chunks.dropSnapshot(stage.id));
  }

  async #leave({ id }: SnapshotRecord): Promise<void> {
    const readers = (this.#readers.get(id) ?? 1) - 1;
    if (readers > 0) return void this.#readers.set(id, readers);
    this.#readers.delete(id);
    if (this.#inForce?.id !== id) await this.#guard(() => this.#chunks.dropSnapshot(id));
  }

  #sealed(id: number, chunk: number, bytes: Uint8Array): Uint8Array {
    return this.#hash ? concatBytes(bytes, sealOf(id, chunk, bytes, this.#hash)) : bytes;
  }

  #unsealed(id: number, chunk: number, sealed: Uint8Array): Uint8Array | undefined {
    if (!this.#hash) return sealed;
    const bytes = sealed.subarray(0, -32);
    const isGenuine = equalBytes(sealOf(id, chunk, bytes, this.#hash), sealed.subarray(-32));
    return isGenuine ? bytes : undefined;
  }

  async #read({ id, chunks }: SnapshotRecord, chunk: number): Promise<Uint8Array> {
    if (!(Number.isSafeInteger(chunk) && chunk >= 0 && chunk < chunks)) {
      throw new RangeError(`there is no chunk ${chunk} of ${chunks}`);
    }
    const sealed = await this.#chunks.readChunk(id, chunk).catch((cause: unknown) => {
      throw storageFailure(cause);
    });
    const bytes = sealed && this.#unsealed(id, chunk, sealed);
    if (!bytes) {
      throw new GroupStorageError("corrupt", `chunk ${chunk} of the snapshot is not as written`);
    }
    return bytes;
  }
}
