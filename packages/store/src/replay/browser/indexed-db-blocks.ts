import { GroupStorageError } from "@mosaik/groups";
import { takeLock } from "@mosaik/groups/browser";
import { StoreError } from "../../errors.ts";
import type { BlockStorage } from "../block-storage.ts";
import { IndexedDbRoom } from "./indexed-db-room.ts";

/** How {@link indexedDbBlocks} behave. */
export interface IndexedDbBlocksOptions {
  /** Names the storage among others of the origin. Default: `mosaik`. */
  readonly name?: string;
}

/**
 * History in IndexedDB, a database for each stream, for keepers in browsers: each block is a transaction
 * of strict durability, with a checksum over every byte. One tab or worker of the origin at a time has
 * the history of a stream open. The browser and its user may remove everything.
 *
 * @throws TypeError where there is no IndexedDB or no Web Locks: outside of browsers, and on pages that
 * are neither of https nor of localhost.
 * @example
 * ```ts
 * // not run: needs a browser
 * import { indexedDbBlocks } from "@mosaik/store/browser";
 *
 * console.log(indexedDbBlocks().durable); // true
 * ```
 */
export function indexedDbBlocks(options: IndexedDbBlocksOptions = {}): BlockStorage {
  const { name = "mosaik" } = options;
  if (!globalThis.indexedDB || !globalThis.navigator?.locks) {
    throw new TypeError("IndexedDB storage needs a browser, and a page of https or localhost");
  }
  return {
    durable: true,
    async open(stream) {
      const room = `${name}/history/${stream}`;
      try {
        return await IndexedDbRoom.open(room, await takeLock(room));
      } catch (cause) {
        const isLocked = cause instanceof GroupStorageError && cause.failure === "locked";
        if (isLocked) {
          const message = "the history is open in this or another tab";
          throw new StoreError("STORE_HISTORY_LOCKED", message, { cause });
        }
        throw new StoreError("STORE_HISTORY_FAILED", "the history cannot be opened", { cause });
      }
    },
  };
}
