/**
 * A flat directory, as a file system has it: what is written may be lost until it is synced, a file
 * that was made or removed may come back or be gone until the directory is synced. Reads see every
 * write at once.
 */
export interface Directory {
  /** The names of all files. */
  list(): Promise<readonly string[]>;
  /**
   * Opens a file for reading and writing, and makes it where there is none. Where writes go
   * `through`, each is synced when it resolves.
   */
  open(name: string, writes: "buffered" | "through"): Promise<OpenFile>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
  /** Makes durable which files there are. */
  sync(): Promise<void>;
  /** Lets go of the directory, and of the lock on it. */
  close(): Promise<void>;
}

/** A file of a {@link Directory}. */
export interface OpenFile {
  /** How many bytes it has. */
  size(): Promise<number>;
  /** The bytes from an offset on, fewer where the file ends. */
  read(offset: number, bytes: number): Promise<Uint8Array>;
  /** Writes bytes at an offset, past the end too. `inBackground`: without holding up the process. */
  write(offset: number, bytes: Uint8Array, inBackground?: boolean): Promise<void>;
  /** Makes content and size durable. */
  sync(): Promise<void>;
  truncate(bytes: number): Promise<void>;
  close(): Promise<void>;
}
