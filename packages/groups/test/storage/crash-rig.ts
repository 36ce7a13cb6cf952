import { groupOf } from "../../src/conformance/rig.ts";
import { type Act, ModelRoom } from "../../src/conformance/workload.ts";
import type { GroupLog, LogStorage } from "../../src/log-storage.ts";
import {
  type DiskCall,
  type DiskFate,
  MemoryDisk,
  memoryStorage,
} from "../../src/storage/memory/index.ts";

/** What must be in a room: what is acknowledged, or that with the act on its way. */
export interface Expected {
  readonly acknowledged: ModelRoom;
  readonly attempted: ModelRoom;
}

/** What a run came to. */
export interface Run extends Expected {
  readonly disk: MemoryDisk;
  /** Whether the storage failed before the end. */
  readonly failure: unknown;
}

/** Sees every call to the disk of a run, with what its room must hold then. */
export type Watcher = (
  call: DiskCall,
  disk: MemoryDisk,
  expected: Expected,
) => DiskFate | Promise<DiskFate>;

/** Opens a room, carries out acts until the storage fails, and closes it. */
export async function run(acts: readonly Act[], watch: Watcher): Promise<Run> {
  const acknowledged = new ModelRoom();
  let attempted = acknowledged;
  const disk: MemoryDisk = new MemoryDisk({
    fate: (call) => watch(call, disk, { acknowledged: acknowledged.clone(), attempted }),
  });
  try {
    const log = await openRoom(storageOn(disk));
    for (const act of acts) {
      attempted = acknowledged.clone();
      attempted.apply(act);
      await act.perform(log);
      acknowledged.apply(act);
    }
    await log.close();
    return { disk, acknowledged, attempted, failure: undefined };
  } catch (failure) {
    return { disk, acknowledged, attempted, failure };
  }
}

/** The storage of these tests: segments are small, so that there are many. */
export function storageOn(disk: MemoryDisk): LogStorage {
  return memoryStorage({ disk, segmentBytesMax: 1_024 });
}

/** Opens the one room of these tests. */
export function openRoom(storage: LogStorage, freshIncarnation = "first"): Promise<GroupLog> {
  return storage.open({ group: groupOf("a"), freshIncarnation });
}

/** Whether a room holds all that was acknowledged, and at most what was attempted. */
export async function isAsExpected(log: GroupLog, expected: Expected): Promise<boolean> {
  const { acknowledged, attempted } = expected;
  return (await acknowledged.isAllOf(log)) || (await attempted.isAllOf(log));
}
