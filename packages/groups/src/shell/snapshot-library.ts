import type { Clock } from "@mosaik/primitives";
import { snapshotHeldIdleMs, snapshotRest, snapshotsHeldMax } from "../config.ts";
import type { SnapshotName } from "../core/frames.ts";
import type { GroupLog, SnapshotSource } from "../log-storage.ts";
import type { Hash } from "../storage/core/record.ts";
import { Slices } from "./slices.ts";

/** A snapshot that is kept readable while members fetch it. */
export class HeldSnapshot {
  readonly source: SnapshotSource;
  /** When it was last asked for. */
  usedMs = 0;
  readonly #clock: Clock;
  readonly #hashOf: Hash;
  #hashes: Promise<Uint8Array> | undefined;

  constructor(
    source: SnapshotSource,
    { clock, hash }: Pick<SnapshotLibraryInit, "clock" | "hash">,
  ) {
    this.source = source;
    this.#clock = clock;
    this.#hashOf = hash;
  }

  /** The SHA-256 of each piece, one after the other: read once, in slices. */
  hashes(): Promise<Uint8Array> {
    this.#hashes ??= this.#hash();
    return this.#hashes;
  }

  async #hash(): Promise<Uint8Array> {
    const { source } = this;
    const hashes = new Uint8Array(source.chunks * 32);
    const slices = new Slices(this.#clock, snapshotRest);
    for (let piece = 0; piece < source.chunks; piece++) {
      hashes.set(this.#hashOf(await source.read(piece)), piece * 32);
      this.usedMs = this.#clock.monotonic();
      await slices.pause();
    }
    return hashes;
  }
}

/** What a library is made with. */
export interface SnapshotLibraryInit {
  readonly storage: GroupLog;
  readonly clock: Clock;
  readonly hash: Hash;
}

/**
 * Keeps snapshots readable while members fetch them, also when another has come in force meanwhile:
 * a few, and none that nobody asks for any more.
 */
export class SnapshotLibrary {
  readonly #init: SnapshotLibraryInit;
  /** By position and term, the one used for longest ago first. */
  readonly #held = new Map<string, HeldSnapshot>();
  #isWatching = false;
  #isClosed = false;

  constructor(init: SnapshotLibraryInit) {
    this.#init = init;
  }

  /** A snapshot that is held, or in force. */
  async find(name: SnapshotName): Promise<HeldSnapshot | undefined> {
    return this.use(name) ?? (await this.#open((meta) => keyOf(meta) === keyOf(name)));
  }

  /** The snapshot in force. */
  latest(): Promise<HeldSnapshot | undefined> {
    return this.#open(() => true);
  }

  /** Notes that a snapshot is still wanted; answers it where it is held. */
  use(name: SnapshotName): HeldSnapshot | undefined {
    const key = keyOf(name);
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    held.usedMs = this.#init.clock.monotonic();
    return held;
  }

  /** Lets go of a snapshot that cannot be read. */
  drop(held: HeldSnapshot): void {
    const key = keyOf(held.source.meta);
    if (this.#held.get(key) === held) this.#held.delete(key);
    void held.source.close().catch(() => {}); // a restart forgets it
  }

  /** Lets go of all. */
  close(): void {
    this.#isClosed = true;
    for (const held of [...this.#held.values()]) this.drop(held);
  }

  async #open(isWanted: (name: SnapshotName) => boolean): Promise<HeldSnapshot | undefined> {
    const source = await this.#init.storage.openSnapshot();
    if (source === undefined) return undefined;
    const known = this.use(source.meta);
    if (known !== undefined || this.#isClosed || !isWanted(source.meta)) {
      await source.close();
      return known && isWanted(known.source.meta) ? known : undefined;
    }
    this.#held.set(keyOf(source.meta), new HeldSnapshot(source, this.#init));
    for (const oldest of [...this.#held.values()].slice(0, -snapshotsHeldMax)) this.drop(oldest);
    this.#watch();
    return this.use(source.meta);
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#init.clock.after(snapshotHeldIdleMs, () => {
      this.#isWatching = false;
      const idleSince = this.#init.clock.monotonic() - snapshotHeldIdleMs;
      for (const held of [...this.#held.values()]) if (held.usedMs <= idleSince) this.drop(held);
      if (this.#held.size > 0) this.#watch();
    });
  }
}

function keyOf({ index, term }: SnapshotName): string {
  return `${index}/${term}`;
}
