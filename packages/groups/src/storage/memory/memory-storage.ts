import { sha256 } from "@mosaik/primitives/system";
import type { LogStorage } from "../../log-storage.ts";
import { GroupStorageError } from "../../storage-error.ts";
import { FileMedium } from "../shell/file-medium.ts";
import { openJournal } from "../shell/journal.ts";
import type { MemoryDisk } from "./memory-disk.ts";
import { VolatileLog } from "./volatile-log.ts";

/** What a memory storage is made with. */
export interface MemoryStorageOptions {
  /** Keeps everything on a disk in memory, in the form it has in files: for tests. */
  readonly disk?: MemoryDisk;
  /** On a disk: a segment of the log that has this many bytes is followed by a new one. */
  readonly segmentBytesMax?: number;
}

/**
 * A storage that forgets: for groups whose members need not survive a restart as who they were. Every
 * opening is a new incarnation, which comes in as a learner; where a majority restarts at once, the
 * group is gone. With a disk it remembers as long as the disk does.
 */
export function memoryStorage(options: MemoryStorageOptions = {}): LogStorage {
  const { disk, segmentBytesMax = 64 * 1_024 } = options;
  return disk ? diskStorage(disk, segmentBytesMax) : volatileStorage();
}

function diskStorage(disk: MemoryDisk, segmentBytesMax: number): LogStorage {
  return {
    durable: true,
    open: async (opening) => {
      const medium = new FileMedium(disk.open(opening.group), growthBytes);
      return openJournal({ ...opening, medium, hash: sha256, segmentBytesMax });
    },
    destroy: async (group) => disk.destroy(group),
  };
}

function volatileStorage(): LogStorage {
  const open = new Set<string>();
  return {
    durable: false,
    open: async ({ group, freshIncarnation }) => {
      if (open.has(group)) throw new GroupStorageError("locked", "the room is open already");
      open.add(group);
      return new VolatileLog(freshIncarnation, () => open.delete(group));
    },
    destroy: async (group) => {
      if (open.has(group)) throw new GroupStorageError("locked", "the room is open");
    },
  };
}

/** Little, so that tests meet the end of what a segment has grown to. */
const growthBytes = 600;
