import { type SnapshotStage, snapshotChunkBytesMax } from "../../log-storage.ts";
import type { SnapshotMeta } from "../../raft/entry.ts";
import type { SnapshotRecord } from "../core/record.ts";

/** What a stage does to its medium. */
export interface StageActs {
  readonly write: (chunk: number, bytes: Uint8Array) => Promise<void>;
  readonly finish: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** A snapshot on its way: chunks one after the other, then whole, or dropped. */
export class Stage implements SnapshotStage {
  readonly meta: SnapshotMeta;
  /** Names its chunks in the medium. */
  readonly id: number;
  readonly #acts: StageActs;
  #state: "open" | "finished" | "discarded" = "open";
  #chunks = 0;
  #bytes = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(meta: SnapshotMeta, id: number, acts: StageActs) {
    this.meta = meta;
    this.id = id;
    this.#acts = acts;
  }

  /** Whether it may be put in force. */
  get isFinished(): boolean {
    return this.#state === "finished";
  }

  /** How a record refers to it. */
  get record(): SnapshotRecord {
    return { meta: this.meta, id: this.id, chunks: this.#chunks, bytes: this.#bytes };
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#state !== "open") throw new RangeError(`the stage is ${this.#state}`);
    if (chunk.byteLength > snapshotChunkBytesMax) {
      throw new RangeError(`a chunk has at most ${snapshotChunkBytesMax} bytes`);
    }
    const number = this.#chunks++;
    this.#bytes += chunk.byteLength;
    return this.#next(() => this.#acts.write(number, chunk));
  }

  async finish(): Promise<void> {
    if (this.#state !== "open") throw new RangeError(`the stage is ${this.#state}`);
    await this.#next(() => this.#acts.finish());
    if (this.#state === "open") this.#state = "finished";
  }

  async discard(): Promise<void> {
    this.#state = "discarded";
    await this.#next(() => this.#acts.discard());
  }

  #next(act: () => Promise<void>): Promise<void> {
    const next = this.#last.then(act);
    this.#last = next.catch(() => {}); // said to whoever waits for `next`
    return next;
  }
}
