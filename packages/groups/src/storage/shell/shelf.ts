import { concatBytes, encodeUtf8, equalBytes } from "@mosaik/primitives";
import { type SnapshotSource, type SnapshotStage, snapshotStagesMax } from "../../log-storage.ts";
import type { SnapshotMeta } from "../../raft/entry.ts";
import { GroupStorageError } from "../../storage-error.ts";
import type { Hash, SnapshotRecord } from "../core/record.ts";
import type { Medium } from "./medium.ts";
import { Stage } from "./stage.ts";
import { storageFailure } from "./storage-failure.ts";

/** Bytes as they are kept: with a hash that says what they are and where they belong. */
export function sealChunk(
  snapshot: number,
  chunk: number,
  bytes: Uint8Array,
  hash: Hash,
): Uint8Array {
  return concatBytes(bytes, hash(concatBytes(encodeUtf8(`${snapshot}/${chunk}/`), bytes)));
}

/** The snapshots of a room: the one in force, those that are staged, those that are still read. */
export class Shelf {
  readonly #medium: Medium;
  readonly #hash: Hash;
  readonly #guard: <Value>(act: () => Promise<Value>) => Promise<Value>;
  readonly #stages = new Set<Stage>();
  readonly #readers = new Map<number, number>();
  #inForce: SnapshotRecord | undefined;
  #nextId = 1;

  /** `guard` runs what writes: it fails where the storage has failed, and notes a failure. */
  constructor(
    medium: Medium,
    hash: Hash,
    guard: <Value>(act: () => Promise<Value>) => Promise<Value>,
  ) {
    this.#medium = medium;
    this.#hash = hash;
    this.#guard = guard;
  }

  /** Drops every snapshot but the one in force. */
  async begin(inForce: SnapshotRecord | undefined): Promise<void> {
    this.#inForce = inForce;
    const ids = await this.#medium.snapshots();
    this.#nextId = Math.max(0, inForce?.id ?? 0, ...ids) + 1;
    for (const id of ids) if (id !== inForce?.id) await this.#medium.dropSnapshot(id);
  }

  /** Begins a stage. @throws RangeError where there are too many. */
  stage(meta: SnapshotMeta): SnapshotStage {
    if (this.#stages.size >= snapshotStagesMax) {
      throw new RangeError(`more than ${snapshotStagesMax} snapshots are staged`);
    }
    const id = this.#nextId++;
    const stage = new Stage(meta, id, {
      write: (chunk, bytes) =>
        this.#guard(() =>
          this.#medium.writeChunk(id, chunk, sealChunk(id, chunk, bytes, this.#hash)),
        ),
      finish: () => this.#guard(() => this.#medium.syncSnapshot(id)),
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

  /** Notes that a snapshot is in force: what it replaces goes, once nobody reads it. */
  async putInForce(record: SnapshotRecord): Promise<void> {
    const before = this.#inForce;
    this.#inForce = record;
    for (const stage of this.#stages) {
      if (stage.id === record.id) this.#stages.delete(stage);
      else if (stage.isFinished && stage.meta.index <= record.meta.index) await stage.discard();
    }
    if (before && !this.#readers.has(before.id)) await this.#medium.dropSnapshot(before.id);
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
    await this.#guard(() => this.#medium.dropSnapshot(stage.id));
  }

  async #leave({ id }: SnapshotRecord): Promise<void> {
    const readers = (this.#readers.get(id) ?? 1) - 1;
    if (readers > 0) return void this.#readers.set(id, readers);
    this.#readers.delete(id);
    if (this.#inForce?.id !== id) await this.#guard(() => this.#medium.dropSnapshot(id));
  }

  async #read({ id, chunks }: SnapshotRecord, chunk: number): Promise<Uint8Array> {
    if (!(Number.isSafeInteger(chunk) && chunk >= 0 && chunk < chunks)) {
      throw new RangeError(`there is no chunk ${chunk} of ${chunks}`);
    }
    const sealed = await this.#medium.readChunk(id, chunk).catch((cause: unknown) => {
      throw storageFailure(cause);
    });
    const bytes = sealed?.slice(0, -32);
    if (!sealed || !bytes || !equalBytes(sealChunk(id, chunk, bytes, this.#hash), sealed)) {
      throw new GroupStorageError("corrupt", `chunk ${chunk} of the snapshot is not as written`);
    }
    return bytes;
  }
}
