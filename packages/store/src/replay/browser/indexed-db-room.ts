import { equalBytes, sha256 } from "@mosaik/primitives";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { BlockHead, BlockRoom } from "../block-storage.ts";

interface Room extends DBSchema {
  heads: { key: number; value: BlockHead };
  /** The frames of a block, after their SHA-256. */
  frames: { key: number; value: Uint8Array };
}

type Database = IDBPDatabase<Room>;

/** The blocks of a stream in a database of IndexedDB: head and frames of one in one transaction. */
export class IndexedDbRoom implements BlockRoom {
  readonly found: readonly BlockHead[];
  readonly damaged: number;
  readonly #database: Database;
  readonly #release: () => Promise<void>;

  /** Opens a database, or makes it; `release` lets go of the lock on it. */
  static async open(name: string, release: () => Promise<void>): Promise<IndexedDbRoom> {
    try {
      const database = await openDB<Room>(name, 1, {
        upgrade: (fresh) => {
          fresh.createObjectStore("heads", { keyPath: "number" });
          fresh.createObjectStore("frames");
        },
      });
      const heads = await database.getAll("heads"); // in the order of their numbers
      return new IndexedDbRoom(database, heads, release);
    } catch (cause) {
      await release();
      throw cause;
    }
  }

  private constructor(
    database: Database,
    heads: readonly BlockHead[],
    release: () => Promise<void>,
  ) {
    this.#database = database;
    this.#release = release;
    this.found = heads.filter(isHead);
    this.damaged = heads.length - this.found.length;
  }

  async append(head: BlockHead, frames: Uint8Array): Promise<void> {
    const sealed = new Uint8Array(32 + frames.byteLength);
    sealed.set(sha256(frames));
    sealed.set(frames, 32);
    const change = this.#database.transaction(["heads", "frames"], "readwrite", {
      durability: "strict",
    });
    await Promise.all([
      change.objectStore("heads").put({ ...head }),
      change.objectStore("frames").put(sealed, head.number),
      change.done,
    ]);
  }

  async read(number: number): Promise<Uint8Array | undefined> {
    const sealed: unknown = await this.#database.get("frames", number);
    if (!(sealed instanceof Uint8Array)) return undefined;
    const frames = sealed.subarray(32);
    return equalBytes(sha256(frames), sealed.subarray(0, 32)) ? frames : undefined;
  }

  /** Every block is durable as soon as it is written. */
  async sync(): Promise<void> {}

  async dropBefore(number: number): Promise<void> {
    const range = IDBKeyRange.upperBound(number, true);
    const change = this.#database.transaction(["heads", "frames"], "readwrite");
    await Promise.all([
      change.objectStore("heads").delete(range),
      change.objectStore("frames").delete(range),
      change.done,
    ]);
  }

  async close(): Promise<void> {
    this.#database.close();
    await this.#release();
  }
}

/** Whether what is stored is what we store: anything may have become of it. */
function isHead(head: Partial<Record<keyof BlockHead, unknown>>): head is BlockHead {
  const { producer, incarnation, number, sequence, items, bytes, fromMs, atMs } = head;
  const counts = [number, sequence, items, bytes];
  const times = [fromMs, atMs];
  return (
    typeof producer === "string" &&
    typeof incarnation === "string" &&
    counts.every((count) => Number.isSafeInteger(count)) &&
    times.every((time) => Number.isFinite(time))
  );
}
