import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  openDB,
  type StoreNames,
} from "idb";
import type { Medium, StoredRecord } from "../shell/medium.ts";

interface Room extends DBSchema {
  records: { key: number; value: StoredRecord };
  marks: { key: "latest"; value: Uint8Array };
  chunks: { key: [snapshot: number, chunk: number]; value: Uint8Array };
}

type Database = IDBPDatabase<Room>;

/** Makes the requests of a transaction. */
type Change = (
  transaction: IDBPTransaction<Room, StoreNames<Room>[], "readwrite">,
) => readonly Promise<unknown>[];

/** This many records are in memory at a time while a room is read. */
const pageRecords = 32;

/**
 * A {@link Medium} in a database of IndexedDB. A transaction is there whole or not at all: nothing
 * tears. The one mark follows the records with relaxed durability, since it may be behind; all else
 * is strict.
 */
export class IndexedDbMedium implements Medium {
  readonly tears = false;
  readonly marks = true;
  readonly #database: Database;
  readonly #release: () => Promise<void>;

  /** Opens a database, or makes it; `release` lets go of the lock on it. */
  static async open(name: string, release: () => Promise<void>): Promise<IndexedDbMedium> {
    try {
      const database = await openDB<Room>(name, 1, {
        upgrade: (fresh) => {
          fresh.createObjectStore("records", { keyPath: "sequence" });
          fresh.createObjectStore("marks");
          fresh.createObjectStore("chunks");
        },
      });
      return new IndexedDbMedium(database, release);
    } catch (cause) {
      await release();
      throw cause;
    }
  }

  private constructor(database: Database, release: () => Promise<void>) {
    this.#database = database;
    this.#release = release;
  }

  async marksFound(): Promise<readonly Uint8Array[]> {
    return (await this.#reading("marks").getAll()).filter(isBytes);
  }

  async *records(): AsyncIterable<StoredRecord> {
    let from = Number.NEGATIVE_INFINITY;
    while (true) {
      const range = IDBKeyRange.lowerBound(from, true);
      const page = await this.#reading("records").getAll(range, pageRecords);
      for (const { sequence, bytes } of page) {
        yield { sequence, bytes: isBytes(bytes) ? bytes : undefined };
        from = sequence;
      }
      if (page.length < pageRecords) return;
    }
  }

  begin(mark: Uint8Array): Promise<void> {
    return this.#change(["records", "marks"], (transaction) => [
      transaction.objectStore("records").clear(),
      transaction.objectStore("marks").put(mark, "latest"),
    ]);
  }

  resume(_segment: number, sequence: number): Promise<void> {
    return this.#change(["records"], (transaction) => [
      transaction.objectStore("records").delete(IDBKeyRange.lowerBound(sequence, true)),
    ]);
  }

  append(sequence: number, bytes: Uint8Array): Promise<void> {
    return this.#change(["records"], (transaction) => [
      transaction.objectStore("records").add({ sequence, bytes }),
    ]);
  }

  mark(mark: Uint8Array): Promise<void> {
    const put: Change = (transaction) => [transaction.objectStore("marks").put(mark, "latest")];
    return this.#change(["marks"], put, "relaxed");
  }

  dropBefore(segment: number): Promise<void> {
    return this.#change(["records"], (transaction) => [
      transaction.objectStore("records").delete(IDBKeyRange.upperBound(segment, true)),
    ]);
  }

  async snapshots(): Promise<readonly number[]> {
    const keys = await this.#reading("chunks").getAllKeys();
    return [...new Set(keys.map(([snapshot]) => snapshot))];
  }

  writeChunk(snapshot: number, chunk: number, bytes: Uint8Array): Promise<void> {
    return this.#change(["chunks"], (transaction) => [
      transaction.objectStore("chunks").put(bytes, [snapshot, chunk]),
    ]);
  }

  /** Every chunk is durable as soon as it is written. */
  async syncSnapshot(): Promise<void> {}

  async readChunk(snapshot: number, chunk: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#reading("chunks").get([snapshot, chunk]);
    return isBytes(bytes) ? bytes : undefined;
  }

  dropSnapshot(snapshot: number): Promise<void> {
    const range = IDBKeyRange.bound([snapshot, 0], [snapshot, Number.POSITIVE_INFINITY]);
    return this.#change(["chunks"], (transaction) => [
      transaction.objectStore("chunks").delete(range),
    ]);
  }

  async close(): Promise<void> {
    this.#database.close();
    await this.#release();
  }

  /** A store in a transaction of its own, for one request. */
  #reading<Store extends StoreNames<Room>>(store: Store) {
    const transaction = this.#database.transaction(store);
    transaction.done.catch(() => {}); // the request says it
    return transaction.store;
  }

  /** Runs requests in one transaction, and waits for its commit. */
  async #change(
    stores: StoreNames<Room>[],
    change: Change,
    durability: IDBTransactionDurability = "strict",
  ): Promise<void> {
    const transaction = this.#database.transaction(stores, "readwrite", { durability });
    const requests = async (): Promise<unknown> => Promise.all(change(transaction));
    const outcomes = await Promise.allSettled([requests(), transaction.done]);
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason] : [],
    );
    if (failures.length > 0) throw failures.find(isReason) ?? failures[0];
  }
}

/** Whether a failure is the one that the others follow from. */
function isReason(failure: unknown): boolean {
  return !(failure instanceof DOMException && failure.name === "AbortError");
}

/** Whether what is stored is what we store: anything may have become of it. */
function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
