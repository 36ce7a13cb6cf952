import { join } from "node:path";
import { GroupStorageError } from "@mosaik/groups";
import { openDirectory } from "@mosaik/groups/node";
import { sha256 } from "@mosaik/primitives/system";
import { StoreError } from "../../errors.ts";
import type { BlockStorage } from "../block-storage.ts";
import { openSegmentRoom } from "../shell/segment-room.ts";

/**
 * History in the files of a directory, a folder for each stream: append-only segments with checksums
 * over every byte, freed as a whole. What is completed is synced to the disk at least once a second.
 * One process at a time has a stream's folder open.
 *
 * @example
 * ```ts
 * import { blockFiles } from "@mosaik/store/node";
 *
 * console.log(blockFiles("./history").durable); // true
 * ```
 */
export function blockFiles(directory: string): BlockStorage {
  return {
    durable: true,
    async open(stream) {
      try {
        return await openSegmentRoom(await openDirectory(join(directory, stream)), stream, sha256);
      } catch (cause) {
        const isLocked = cause instanceof GroupStorageError && cause.failure === "locked";
        if (isLocked) {
          const message = "the history is open in this or another process";
          throw new StoreError("STORE_HISTORY_LOCKED", message, { cause });
        }
        throw new StoreError("STORE_HISTORY_FAILED", "the history cannot be opened", { cause });
      }
    },
  };
}
