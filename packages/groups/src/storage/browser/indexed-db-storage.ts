import { sha256 } from "@mosaik/primitives";
import { deleteDB } from "idb";
import type { LogStorage } from "../../log-storage.ts";
import { openJournal } from "../shell/journal.ts";
import { storageFailure } from "../shell/storage-failure.ts";
import { IndexedDbMedium } from "./indexed-db-medium.ts";
import { takeLock } from "./room-lock.ts";

/** How an {@link indexedDbStorage} behaves. */
export interface IndexedDbStorageOptions {
  /**
   * Names the storage among others of the origin: two nodes of an origin that are in the same group
   * need two. Default: `mosaik`.
   */
  readonly name?: string;
  /**
   * Asks the browser, when a room is opened, not to evict the origin's data when space gets scarce.
   * Some browsers ask the user, others decide by themselves; `isPersisted` tells the outcome.
   * Default: `false`.
   */
  readonly persist?: boolean;
}

/** A {@link LogStorage} in a browser. */
export interface IndexedDbStorage extends LogStorage {
  /**
   * Whether the browser keeps the origin's data until the user removes it. Where not, it may evict
   * all of it at once, when space gets scarce or the site is not visited for long: the member then
   * comes back as a new one, which is safe as long as a majority of the voters keep their disks.
   */
  isPersisted(): Promise<boolean>;
}

/**
 * A durable storage in IndexedDB, a database for each group: what files have, with checksums over
 * every byte. Acknowledged means committed in one transaction of strict durability: the browser says
 * that it has flushed it to the disk. One tab or worker of the origin at a time has a room open; a
 * second one is told `locked`.
 *
 * The browser and its user may remove everything, see `isPersisted`: a group that must not forget
 * needs a majority of voters elsewhere.
 *
 * @throws TypeError where there is no IndexedDB or no Web Locks: outside of browsers, and on pages
 * that are neither of https nor of localhost.
 * @example
 * ```ts
 * // not run: needs a browser
 * import { indexedDbStorage } from "@mosaik/groups/browser";
 *
 * const storage = indexedDbStorage({ persist: true });
 * console.log(await storage.isPersisted());
 * ```
 */
export function indexedDbStorage(options: IndexedDbStorageOptions = {}): IndexedDbStorage {
  const { name = "mosaik", persist = false } = options;
  if (!globalThis.indexedDB || !globalThis.navigator?.locks) {
    throw new TypeError("IndexedDB storage needs a browser, and a page of https or localhost");
  }
  const room = (group: string): string => `${name}/group/${group}`;
  return {
    durable: true,
    open: (opening) =>
      orFail(async () => {
        if (persist) askToPersist();
        const release = await takeLock(room(opening.group));
        const medium = await IndexedDbMedium.open(room(opening.group), release);
        return openJournal({ ...opening, medium, hash: sha256, segmentBytesMax });
      }),
    destroy: (group) => orFail(() => destroyRoom(room(group))),
    isPersisted: () => navigator.storage.persisted(),
  };
}

/** Does not wait: the user may be asked, and take a while. */
function askToPersist(): void {
  const { storage }: { storage: Partial<StorageManager> } = navigator; // workers cannot ask
  storage.persist?.().catch(() => {}); // `isPersisted` tells what came of it
}

/** How often a checkpoint stands among the records, bytes: what comes before can be dropped. */
const segmentBytesMax = 1_024 * 1_024;

async function destroyRoom(room: string): Promise<void> {
  const release = await takeLock(room);
  try {
    await deleteDB(room);
  } finally {
    await release();
  }
}

async function orFail<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    throw storageFailure(cause);
  }
}
