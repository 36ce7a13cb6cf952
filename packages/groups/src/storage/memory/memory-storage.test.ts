import { logStorageSuite } from "../../conformance/index.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { memoryStorage } from "./memory-storage.ts";

logStorageSuite({
  name: "memory",
  createBed: () => ({ storage: memoryStorage() }),
});

logStorageSuite({
  name: "memory with a disk",
  createBed: () => ({ storage: memoryStorage({ disk: new MemoryDisk(), segmentBytesMax: 4_096 }) }),
});
