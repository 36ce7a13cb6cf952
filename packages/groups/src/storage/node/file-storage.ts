import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { GroupId } from "@mosaik/primitives";
import { sha256 } from "@mosaik/primitives/system";
import type { LogStorage } from "../../log-storage.ts";
import type { Directory } from "../shell/directory.ts";
import { FileMedium } from "../shell/file-medium.ts";
import { openJournal } from "../shell/journal.ts";
import { storageFailure } from "../shell/storage-failure.ts";
import { NodeDirectory, syncNames } from "./node-directory.ts";
import { takeLock } from "./room-lock.ts";
import { WritePace } from "./write-pace.ts";

/** How a {@link fileStorage} behaves. */
export interface FileStorageOptions {
  /**
   * A segment of the log that has this many bytes is followed by a new one; whole segments are what
   * a snapshot frees. Default: 8 MiB. Too small: a file and two more syncs ever so often.
   */
  readonly segmentBytesMax?: number;
  /**
   * Whether a small write may hold up the process while the disk is quick, some tenths of a millisecond
   * each, which is less than handing it to another thread. A disk that becomes slow holds it up with one
   * write. Default: yes. `false` where nothing may ever wait for a disk.
   */
  readonly mayHoldUp?: boolean;
}

/**
 * A durable storage in a directory, with a room for each group: an append-only log with checksums
 * over every byte, and snapshots. Acknowledged means synced to the disk. Keep the directory on a
 * local disk; one process at a time has a room open. Restoring an old copy of it would make a member
 * forget its votes: destroy the room instead, and it comes back as a new one.
 *
 * @example
 * ```ts
 * import { fileStorage } from "@mosaik/groups/node";
 *
 * const storage = fileStorage("./data");
 * console.log(storage.durable); // true
 * ```
 */
export function fileStorage(directory: string, options: FileStorageOptions = {}): LogStorage {
  const root = resolve(directory);
  const { segmentBytesMax = 8 * 1_024 * 1_024, mayHoldUp = true } = options;
  const path = (group: GroupId): string => join(root, group);
  return {
    durable: true,
    open: (opening) =>
      orFail(async () => {
        const room = await openRoom(path(opening.group), new WritePace(mayHoldUp));
        const medium = new FileMedium(room, growthBytes);
        return openJournal({ ...opening, medium, hash: sha256, segmentBytesMax, pauseMarks });
      }),
    destroy: (group) => orFail(() => destroyRoom(path(group))),
  };
}

/**
 * Opens a directory of the file system, made where there is none, for a storage of one's own; other
 * processes cannot until it is closed.
 *
 * @throws GroupStorageError
 */
export function openDirectory(path: string): Promise<Directory> {
  return orFail(() => openRoom(resolve(path), new WritePace(false)));
}

/**
 * A mark for each record would take about a tenth of the processor of a busy member. Marks are not
 * synced: after a loss of power they are behind by much more than this anyway.
 */
const marksEveryMs = 5;
const pauseMarks = (): Promise<void> => setTimeout(marksEveryMs, undefined, { ref: false });

/** A larger write each this many bytes, and plain overwriting between. */
const growthBytes = 256 * 1_024;

async function orFail<Value>(act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (cause) {
    throw storageFailure(cause);
  }
}

async function openRoom(path: string, pace: WritePace): Promise<NodeDirectory> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncParents(path, dirname(made));
  return new NodeDirectory(path, await takeLock(path), pace);
}

/** Makes the names of new directories durable, up to the one that was there. */
async function syncParents(path: string, top: string): Promise<void> {
  for (let at = dirname(path); ; at = dirname(at)) {
    await syncNames(at);
    if (at === top || at === dirname(at)) return;
  }
}

async function destroyRoom(path: string): Promise<void> {
  try {
    await (await open(path)).close();
  } catch (cause) {
    if (isMissing(cause)) return;
    throw cause;
  }
  const release = await takeLock(path);
  const gone = `${path}.gone`;
  await rm(gone, { recursive: true, force: true });
  await rename(path, gone);
  await syncNames(dirname(path));
  await release(gone);
  await rm(gone, { recursive: true, force: true });
}

function isMissing(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "ENOENT";
}
