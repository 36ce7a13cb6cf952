export type { DiskCall } from "./memory-directory.ts";
export { type DiskFate, MemoryDisk, type MemoryDiskOptions } from "./memory-disk.ts";
export type { CrashOutcome } from "./memory-file.ts";
export { type MemoryStorageOptions, memoryStorage } from "./memory-storage.ts";
