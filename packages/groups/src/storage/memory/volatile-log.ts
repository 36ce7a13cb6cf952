import type { GroupLog, LogBatch, SnapshotSource, SnapshotStage } from "../../log-storage.ts";
import type { SnapshotMeta } from "../../raft/entry.ts";
import { GroupStorageError } from "../../storage-error.ts";
import type { SnapshotRecord } from "../core/record.ts";
import { Shelf } from "../shell/shelf.ts";
import { MemoryChunks } from "./memory-chunks.ts";

/** The storage of a member that does not survive its process: only its snapshots are ever read. */
export class VolatileLog implements GroupLog {
  readonly incarnation: string;
  readonly stored = undefined;
  readonly #shelf: Shelf;
  readonly #leave: () => void;
  #index = 0;
  #isClosed = false;

  constructor(incarnation: string, leave: () => void) {
    this.incarnation = incarnation;
    this.#leave = leave;
    this.#shelf = new Shelf(
      new MemoryChunks(),
      undefined, // memory is not checked
      async (act) => {
        this.#check();
        return act();
      },
    );
  }

  async append({ snapshot }: LogBatch): Promise<void> {
    this.#check();
    if (snapshot) await this.#putInForce(this.#finished(snapshot));
  }

  stageSnapshot(meta: SnapshotMeta): SnapshotStage {
    this.#check();
    return this.#shelf.stage(meta);
  }

  async saveSnapshot(meta: SnapshotMeta): Promise<boolean> {
    this.#check();
    const record = this.#finished(meta);
    const isNewer = meta.index > this.#index;
    await (isNewer ? this.#putInForce(record) : this.#shelf.drop(record));
    return isNewer;
  }

  async openSnapshot(): Promise<SnapshotSource | undefined> {
    this.#check();
    return this.#shelf.open();
  }

  async close(): Promise<void> {
    if (!this.#isClosed) this.#leave();
    this.#isClosed = true;
  }

  async #putInForce(record: SnapshotRecord): Promise<void> {
    this.#index = record.meta.index;
    this.#shelf.putInForce(record);
    await this.#shelf.tidy();
  }

  #finished(meta: SnapshotMeta): SnapshotRecord {
    const record = this.#shelf.finished(meta);
    if (!record) throw new RangeError("the snapshot is not staged");
    return record;
  }

  #check(): void {
    if (this.#isClosed) throw new GroupStorageError("closed", "the storage is closed");
  }
}
