import type { Random } from "@mosaik/primitives";
import type { Directory, OpenFile } from "../shell/directory.ts";
import { type CrashOutcome, MemoryFile } from "./memory-file.ts";

/** A call that a disk gets. */
export interface DiskCall {
  /** Counts the calls of the disk, from 1. */
  readonly number: number;
  readonly kind: "list" | "open" | "read" | "write" | "sync" | "truncate" | "remove" | "sync-names";
  /** Which file, where it is about one. */
  readonly file: string | undefined;
}

/** Is asked before the effect of a call, but after that of a write, which nobody may rely on yet. */
export type BeforeEffect = (kind: DiskCall["kind"], file?: string) => Promise<"real" | "lost">;

/** A directory whose files and names are lost in a crash as far as they were not synced. */
export class MemoryDirectory {
  /** Whether somebody has it open. */
  isOpen = false;
  #names = new Map<string, MemoryFile>();
  #durableNames = new Map<string, MemoryFile>();
  #life = 0;

  /** The files by name, as a reader sees them. */
  get files(): ReadonlyMap<string, MemoryFile> {
    return this.#names;
  }

  /** Removes a file, durably. */
  forget(name: string): void {
    this.#names.delete(name);
    this.#durableNames.delete(name);
  }

  /** A directory that is as this one is now. */
  fork(): MemoryDirectory {
    const copy = new MemoryDirectory();
    const files = new Map<MemoryFile, MemoryFile>();
    const forked = ([name, file]: [string, MemoryFile]): [string, MemoryFile] => {
      const same = files.get(file) ?? file.fork();
      files.set(file, same);
      return [name, same];
    };
    copy.isOpen = this.isOpen;
    copy.#names = new Map([...this.#names].map(forked));
    copy.#durableNames = new Map([...this.#durableNames].map(forked));
    return copy;
  }

  /** Cuts off whoever has it open. Nothing is lost. */
  kill(): void {
    this.#life++;
    this.isOpen = false;
  }

  /** Loses what was not synced, as the outcome says. Whoever has it open is cut off. */
  crash(outcome: CrashOutcome, random: Random): void {
    this.kill();
    this.#names = this.#namesAfter(outcome, random);
    this.#durableNames = new Map(this.#names);
    for (const file of this.#names.values()) file.crash(outcome, random);
  }

  /** Opens it; every call goes through `before`. */
  open(before: BeforeEffect): Directory {
    const life = this.#life;
    this.isOpen = true;
    const check = (): void => {
      if (life !== this.#life) throw new Error("the disk lost power");
    };
    const enter: BeforeEffect = async (kind, file) => {
      check();
      const fate = await before(kind, file);
      check();
      return fate;
    };
    return {
      list: async () => {
        await enter("list");
        return [...this.#names.keys()];
      },
      open: async (name, writes) => {
        await enter("open", name);
        const file = this.#names.get(name) ?? new MemoryFile();
        this.#names.set(name, file);
        return openFile(name, file, writes, check, enter);
      },
      remove: async (name) => {
        await enter("remove", name);
        this.#names.delete(name);
      },
      sync: async () => {
        if ((await enter("sync-names")) === "real") this.#durableNames = new Map(this.#names);
      },
      close: async () => {
        if (life === this.#life) this.isOpen = false;
      },
    };
  }

  #namesAfter(outcome: CrashOutcome, random: Random): Map<string, MemoryFile> {
    if (outcome === "kept") return this.#names;
    if (outcome === "dropped") return this.#durableNames;
    const after = new Map<string, MemoryFile>();
    const all = new Set([...this.#durableNames.keys(), ...this.#names.keys()]);
    for (const name of all) {
      const survivor = random.next() < 0.5 ? this.#names : this.#durableNames;
      const file = survivor.get(name);
      if (file) after.set(name, file);
    }
    return after;
  }
}

function openFile(
  name: string,
  file: MemoryFile,
  writes: "buffered" | "through",
  check: () => void,
  enter: BeforeEffect,
): OpenFile {
  const sync = async (): Promise<void> => {
    if ((await enter("sync", name)) === "real") file.sync();
  };
  return {
    size: async () => {
      await enter("read", name);
      return file.content.length;
    },
    read: async (offset, bytes) => {
      await enter("read", name);
      return file.content.slice(offset, offset + bytes);
    },
    write: async (offset, bytes) => {
      check();
      file.write(offset, bytes);
      await enter("write", name);
      if (writes === "through") await sync();
    },
    truncate: async (bytes) => {
      check();
      file.truncate(bytes);
      await enter("truncate", name);
    },
    sync,
    close: async () => {},
  };
}
