import type { ChunkStore } from "../shell/medium.ts";

/** Chunks of snapshots in memory. */
export class MemoryChunks implements ChunkStore {
  readonly #snapshots = new Map<number, Uint8Array[]>();

  async snapshots(): Promise<readonly number[]> {
    return [...this.#snapshots.keys()];
  }

  async writeChunk(snapshot: number, chunk: number, bytes: Uint8Array): Promise<void> {
    const chunks = this.#snapshots.get(snapshot) ?? [];
    chunks[chunk] = bytes.slice(); // the caller may use its own again
    this.#snapshots.set(snapshot, chunks);
  }

  async syncSnapshot(): Promise<void> {}

  async readChunk(snapshot: number, chunk: number): Promise<Uint8Array | undefined> {
    return this.#snapshots.get(snapshot)?.[chunk];
  }

  async dropSnapshot(snapshot: number): Promise<void> {
    this.#snapshots.delete(snapshot);
  }
}
