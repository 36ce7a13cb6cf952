import { type Digest, type Random, seededRandom } from "@mosaik/primitives";
import { GroupStorageError } from "../../storage-error.ts";
import type { Directory } from "../shell/directory.ts";
import { type DiskCall, MemoryDirectory } from "./memory-directory.ts";
import type { CrashOutcome } from "./memory-file.ts";

/**
 * What becomes of a call. `failed` and `full` reject it, and what it did may be there or not; `lost`
 * is a sync that says it is done, and is not.
 */
export type DiskFate = "done" | "failed" | "full" | "lost";

/** How a {@link MemoryDisk} behaves. */
export interface MemoryDiskOptions {
  /** Decides what becomes of each call; may take its time, or crash the disk. Default: `done`. */
  readonly fate?: (call: DiskCall) => DiskFate | Promise<DiskFate>;
  /** What a crash draws from. Default: always the same numbers. */
  readonly random?: Random;
}

/**
 * A disk in memory, for tests: it outlives the storages on it, loses what was not synced when it
 * crashes, and fails when it is told to.
 *
 * @example
 * ```ts
 * import { MemoryDisk, memoryStorage } from "@mosaik/groups/memory";
 *
 * const disk = new MemoryDisk({ fate: (call) => (call.kind === "sync" ? "failed" : "done") });
 * const storage = memoryStorage({ disk });
 * console.log(storage.durable); // true
 * ```
 */
export class MemoryDisk {
  readonly #rooms = new Map<Digest, MemoryDirectory>();
  readonly #fate: (call: DiskCall) => DiskFate | Promise<DiskFate>;
  readonly #random: Random;
  #calls = 0;

  constructor(options: MemoryDiskOptions = {}) {
    this.#fate = options.fate ?? (() => "done");
    this.#random = options.random ?? seededRandom(1);
  }

  /** How many calls it got. */
  get calls(): number {
    return this.#calls;
  }

  /** A disk that holds what this one holds now: to see what a crash would make of it. */
  fork(options: MemoryDiskOptions = {}): MemoryDisk {
    const copy = new MemoryDisk(options);
    for (const [group, room] of this.#rooms) copy.#rooms.set(group, room.fork());
    return copy;
  }

  /** Ends whoever has a room open, as a killed process ends: what it wrote is there, synced or not. */
  kill(): void {
    for (const room of this.#rooms.values()) room.kill();
  }

  /** Loses power: whoever has a room open is cut off, what was not synced is lost as `outcome` says. */
  crash(outcome: CrashOutcome): void {
    for (const room of this.#rooms.values()) room.crash(outcome, this.#random);
  }

  /** The files of a group's room: name and size in bytes. */
  files(group: Digest): { readonly name: string; readonly bytes: number }[] {
    const files = this.#rooms.get(group)?.files ?? new Map();
    return [...files].map(([name, file]) => ({ name, bytes: file.content.length }));
  }

  /** Flips bits of a byte, behind everybody's back. */
  flip(group: Digest, name: string, offset: number, mask = 0xff): void {
    this.#rooms.get(group)?.files.get(name)?.flip(offset, mask);
  }

  /** Cuts a file short, behind everybody's back. */
  truncate(group: Digest, name: string, bytes: number): void {
    const file = this.#rooms.get(group)?.files.get(name);
    file?.truncate(bytes);
    file?.sync();
  }

  /** Removes a file, behind everybody's back. */
  remove(group: Digest, name: string): void {
    this.#rooms.get(group)?.forget(name);
  }

  /** Gives the room of a group to another. */
  rename(group: Digest, other: Digest): void {
    const room = this.#rooms.get(group);
    this.#rooms.delete(group);
    if (room) this.#rooms.set(other, room);
  }

  /** Opens the room of a group. @throws GroupStorageError `locked` */
  open(group: Digest): Directory {
    const room = this.#rooms.get(group) ?? new MemoryDirectory();
    this.#rooms.set(group, room);
    if (room.isOpen) throw new GroupStorageError("locked", "the room is open already");
    return room.open(async (kind, file) => {
      const fate = await this.#fate({ number: ++this.#calls, kind, file });
      if (fate === "failed") throw Object.assign(new Error("the disk failed"), { code: "EIO" });
      if (fate === "full") throw Object.assign(new Error("the disk is full"), { code: "ENOSPC" });
      return fate === "lost" ? "lost" : "real";
    });
  }

  /** Removes the room of a group. @throws GroupStorageError `locked` */
  destroy(group: Digest): void {
    if (this.#rooms.get(group)?.isOpen) {
      throw new GroupStorageError("locked", "the room is open");
    }
    this.#rooms.delete(group);
  }
}
