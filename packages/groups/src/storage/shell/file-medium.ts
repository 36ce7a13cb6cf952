import { concatBytes } from "@mosaik/primitives";
import { snapshotChunkBytesMax } from "../../log-storage.ts";
import { markBytes } from "../core/mark.ts";
import type { Directory, OpenFile } from "./directory.ts";
import type { AppendOptions, Medium, StoredRecord } from "./medium.ts";

/** A chunk of a snapshot has this much room in its file: its bytes, their hash, their length. */
const chunkRoom = snapshotChunkBytesMax + 64;
/** Two marks take turns, each in a sector of its own: one is whole whatever happens to the other. */
const markRoom = 4_096;

/**
 * A {@link Medium} in files: `log-…` are segments, named by their first record, in which each record
 * stands after its length, and zeros after the last; `snapshot-…` have chunks at multiples of a fixed size; `mark` has the two
 * latest marks.
 */
export class FileMedium implements Medium {
  readonly tears = true;
  readonly marks = true;
  readonly #directory: Directory;
  readonly #growthBytes: number;
  readonly #open = new Map<string, Promise<OpenFile>>();
  /** Where the records of each segment end, from loading on. */
  readonly #ends = new Map<number, number[]>();
  #segments: number[] = [];
  /** Where the last record ends, and the file. */
  #end = 0;
  #size = 0;
  #turn = 0;

  /** Segments grow by `growthBytes` of zeros at a time: a sync is quicker where the size stays. */
  constructor(directory: Directory, growthBytes: number) {
    this.#directory = directory;
    this.#growthBytes = growthBytes;
  }

  async marksFound(): Promise<readonly Uint8Array[]> {
    if (!(await this.#directory.list()).includes("mark")) return [];
    const file = await this.#file("mark");
    return [await file.read(0, markBytes), await file.read(markRoom, markBytes)];
  }

  async *records(): AsyncIterable<StoredRecord> {
    this.#segments = (await this.#numbers("log-")).sort((a, b) => a - b);
    for (const segment of this.#segments) {
      const file = await this.#file(logName(segment));
      const content = await file.read(0, await file.size());
      const ends: number[] = [];
      this.#ends.set(segment, ends);
      let at = 0;
      while (!isZeros(content.subarray(at))) {
        const sequence = segment + ends.length;
        const bytes = recordAt(content, at);
        yield { sequence, bytes };
        if (!bytes) break;
        at += 4 + bytes.byteLength;
        ends.push(at);
      }
      await this.#close(logName(segment));
    }
  }

  async begin(mark: Uint8Array): Promise<void> {
    for (const segment of this.#segments) await this.#remove(logName(segment));
    this.#segments = [];
    const file = await this.#file("mark");
    await file.write(0, mark);
    await file.write(markRoom, mark);
    await file.sync();
    await this.#directory.sync();
  }

  async resume(segment: number, sequence: number): Promise<void> {
    for (const later of this.#segments.filter((start) => start > segment)) {
      await this.#remove(logName(later));
    }
    this.#segments = this.#segments.filter((start) => start <= segment);
    const file = await this.#file(logName(segment));
    this.#end = this.#ends.get(segment)?.[sequence - segment] ?? 0;
    this.#size = this.#end;
    this.#ends.clear();
    await file.truncate(this.#end);
    await file.sync();
    await this.#directory.sync();
  }

  async append(
    sequence: number,
    record: Uint8Array,
    { isSegmentStart, inBackground }: AppendOptions,
  ): Promise<void> {
    if (isSegmentStart) await this.#begin(sequence);
    const file = await this.#file(logName(this.#segments.at(-1) ?? sequence));
    const end = this.#end + 4 + record.byteLength;
    const isGrowing = end > this.#size;
    if (isGrowing) this.#size = end + this.#growthBytes;
    const bytes = new Uint8Array(isGrowing ? this.#size - this.#end : 4 + record.byteLength);
    new DataView(bytes.buffer).setUint32(0, record.byteLength);
    bytes.set(record, 4);
    await file.write(this.#end, bytes, inBackground);
    if (isSegmentStart) await this.#directory.sync();
    this.#end = end;
  }

  async mark(mark: Uint8Array): Promise<void> {
    const file = await this.#file("mark");
    await file.write(this.#turn * markRoom, mark);
    this.#turn = 1 - this.#turn;
  }

  async dropBefore(segment: number): Promise<void> {
    for (const earlier of this.#segments.filter((start) => start < segment)) {
      await this.#remove(logName(earlier));
    }
    this.#segments = this.#segments.filter((start) => start >= segment);
  }

  async snapshots(): Promise<readonly number[]> {
    return this.#numbers("snapshot-");
  }

  async writeChunk(snapshot: number, chunk: number, bytes: Uint8Array): Promise<void> {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.byteLength);
    const file = await this.#file(snapshotName(snapshot));
    await file.write(chunk * chunkRoom, concatBytes(length, bytes));
  }

  async syncSnapshot(snapshot: number): Promise<void> {
    const file = await this.#file(snapshotName(snapshot));
    await file.sync();
    await this.#directory.sync();
  }

  async readChunk(snapshot: number, chunk: number): Promise<Uint8Array | undefined> {
    const file = await this.#file(snapshotName(snapshot));
    return recordAt(await file.read(chunk * chunkRoom, chunkRoom), 0);
  }

  async dropSnapshot(snapshot: number): Promise<void> {
    await this.#remove(snapshotName(snapshot));
  }

  async close(): Promise<void> {
    const names = [...this.#open.keys()];
    const closed = await Promise.allSettled(names.map((name) => this.#close(name)));
    await this.#directory.close();
    for (const each of closed) if (each.status === "rejected") throw each.reason;
  }

  async #begin(sequence: number): Promise<void> {
    const last = this.#segments.at(-1);
    if (last !== undefined) await this.#close(logName(last));
    this.#segments.push(sequence);
    this.#end = 0;
    this.#size = 0;
    await (await this.#file(logName(sequence))).truncate(0);
  }

  #file(name: string): Promise<OpenFile> {
    const known = this.#open.get(name);
    if (known) return known;
    const open = this.#directory.open(name, name.startsWith("log-") ? "through" : "buffered");
    this.#open.set(name, open);
    open.catch(() => this.#open.delete(name)); // said to whoever waits for `open`
    return open;
  }

  async #close(name: string): Promise<void> {
    const file = this.#open.get(name);
    this.#open.delete(name);
    await (await file)?.close();
  }

  async #remove(name: string): Promise<void> {
    await this.#close(name);
    await this.#directory.remove(name);
  }

  async #numbers(prefix: string): Promise<number[]> {
    const names = await this.#directory.list();
    const own = names.filter((name) => name.startsWith(prefix));
    return own.map((name) => Number(name.slice(prefix.length))).filter(Number.isSafeInteger);
  }
}

/** What stands after its length; nothing where the bytes end before it does. */
function recordAt(bytes: Uint8Array, at: number): Uint8Array | undefined {
  if (at + 4 > bytes.byteLength) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  const end = at + 4 + length;
  return length > 0 && end <= bytes.byteLength ? bytes.subarray(at + 4, end) : undefined;
}

/** Whether no byte is set: also where there is none. */
function isZeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function logName(segment: number): string {
  return `log-${segment}`;
}

function snapshotName(snapshot: number): string {
  return `snapshot-${snapshot}`;
}
