import {
  close,
  constants,
  fdatasync,
  fstat,
  ftruncate,
  open,
  read,
  write,
  writeSync,
} from "node:fs";
import { open as openHandle, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Directory, OpenFile } from "../shell/directory.ts";
import type { WritePace } from "./write-pace.ts";

const calls = {
  open: promisify(open),
  close: promisify(close),
  read: promisify(read),
  write: promisify(write),
  truncate: promisify(ftruncate),
  sync: promisify(fdatasync),
  stat: promisify(fstat),
};

/** Writes and syncs in one call where the system means it: elsewhere the drive may still hold it. */
const writeThrough = process.platform === "linux" ? constants.O_DSYNC : 0;

/** A {@link Directory} of the file system. */
export class NodeDirectory implements Directory {
  readonly #path: string;
  readonly #release: () => Promise<void>;
  readonly #pace: WritePace;

  /** `release` lets go of the lock on it. */
  constructor(path: string, release: () => Promise<void>, pace: WritePace) {
    this.#path = path;
    this.#release = release;
    this.#pace = pace;
  }

  list(): Promise<readonly string[]> {
    return readdir(this.#path);
  }

  async open(name: string, writes: "buffered" | "through"): Promise<OpenFile> {
    const isThrough = writes === "through";
    const flags = constants.O_RDWR | constants.O_CREAT | (isThrough ? writeThrough : 0);
    const descriptor = await calls.open(join(this.#path, name), flags, 0o600);
    return new NodeFile(descriptor, isThrough && writeThrough === 0, this.#pace);
  }

  remove(name: string): Promise<void> {
    return rm(join(this.#path, name), { force: true });
  }

  sync(): Promise<void> {
    return syncNames(this.#path);
  }

  close(): Promise<void> {
    return this.#release();
  }
}

class NodeFile implements OpenFile {
  readonly #descriptor: number;
  readonly #syncsWrites: boolean;
  readonly #pace: WritePace;

  constructor(descriptor: number, syncsWrites: boolean, pace: WritePace) {
    this.#descriptor = descriptor;
    this.#syncsWrites = syncsWrites;
    this.#pace = pace;
  }

  async size(): Promise<number> {
    return (await calls.stat(this.#descriptor)).size;
  }

  async read(offset: number, bytes: number): Promise<Uint8Array> {
    const buffer = new Uint8Array(Math.min(bytes, Math.max(0, (await this.size()) - offset)));
    let at = 0;
    while (at < buffer.byteLength) {
      const left = buffer.byteLength - at;
      const { bytesRead } = await calls.read(this.#descriptor, buffer, at, left, offset + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return buffer.subarray(0, at);
  }

  async write(offset: number, bytes: Uint8Array, inBackground = false): Promise<void> {
    const file = this.#descriptor;
    const isInPlace = !inBackground && this.#pace.isInPlace(bytes.byteLength);
    const from = performance.now();
    let at = 0;
    while (at < bytes.byteLength) {
      const left = bytes.byteLength - at;
      if (isInPlace) at += writeSync(file, bytes, at, left, offset + at);
      else at += (await calls.write(file, bytes, at, left, offset + at)).bytesWritten;
    }
    this.#pace.took(performance.now() - from);
    if (this.#syncsWrites) await this.sync();
  }

  sync(): Promise<void> {
    return calls.sync(this.#descriptor);
  }

  truncate(bytes: number): Promise<void> {
    return calls.truncate(this.#descriptor, bytes);
  }

  close(): Promise<void> {
    return calls.close(this.#descriptor);
  }
}

/** Makes durable which files a directory has. Windows does so by itself, and refuses to be asked. */
export async function syncNames(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await openHandle(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
