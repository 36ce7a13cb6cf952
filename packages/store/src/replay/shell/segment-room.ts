import type { Directory, OpenFile } from "@mosaik/groups";
import { concatBytes, equalBytes, type StreamId } from "@mosaik/primitives";
import type { BlockHead, BlockRoom } from "../block-storage.ts";
import { segmentBytesMax } from "../config.ts";
import { type Hash, headBytes, nextMagic, openHead, sealHead } from "../core/block-record.ts";

interface Stored {
  readonly segment: number;
  readonly at: number;
  readonly bytes: number;
  readonly hash: Uint8Array;
}

/** What is read of a segment at once while it is searched. */
const searchBytes = 4 * 1024 * 1024;

/**
 * Opens the blocks of a stream in a directory: `blocks-…` are segments, named by their first block.
 * What a crash cut off at the end of the last one is let go; whatever else is not as it was written
 * counts as damaged.
 */
export async function openSegmentRoom(
  directory: Directory,
  stream: StreamId,
  hash: Hash,
): Promise<BlockRoom> {
  const room = new SegmentRoom(directory, stream, hash);
  await room.find();
  return room;
}

class SegmentRoom implements BlockRoom {
  readonly found: BlockHead[] = [];
  damaged = 0;
  readonly #directory: Directory;
  readonly #stream: StreamId;
  readonly #hash: Hash;
  readonly #stored = new Map<number, Stored>();
  readonly #files = new Map<number, Promise<OpenFile>>();
  #segments: number[] = [];
  /** The segment that is written to, and where it ends. */
  #last: number | undefined;
  #end = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: Directory, stream: StreamId, hash: Hash) {
    this.#directory = directory;
    this.#stream = stream;
    this.#hash = hash;
  }

  async find(): Promise<void> {
    const names = await this.#directory.list();
    const numbers = names.flatMap((name) => /^blocks-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
    this.#segments = numbers.sort((a, b) => a - b);
    for (const segment of this.#segments) await this.#search(segment);
    const last = this.found.at(-1);
    // What was written last may not have been written whole.
    if (last !== undefined && (await this.#read(last.number)) === undefined) {
      this.damaged++;
      this.found.pop();
      this.#stored.delete(last.number);
    }
  }

  append(head: BlockHead, frames: Uint8Array): Promise<void> {
    return this.#serial(async () => {
      if (this.#last === undefined || this.#end >= segmentBytesMax) await this.#begin(head.number);
      const segment = this.#last ?? head.number;
      const at = this.#end;
      const sealed = sealHead(head, frames, this.#stream, this.#hash);
      const file = await this.#file(segment);
      await file.write(at, concatBytes(sealed, frames));
      this.#end = at + headBytes + frames.byteLength;
      const hash = sealed.slice(84, 116);
      this.#stored.set(head.number, { segment, at, bytes: frames.byteLength, hash });
    });
  }

  read(number: number): Promise<Uint8Array | undefined> {
    return this.#serial(() => this.#read(number));
  }

  sync(): Promise<void> {
    return this.#serial(async () => {
      if (this.#last !== undefined) await (await this.#file(this.#last)).sync();
    });
  }

  dropBefore(number: number): Promise<void> {
    return this.#serial(async () => {
      const kept = this.#segments.findLast((segment) => segment <= number) ?? 0;
      for (const segment of this.#segments) {
        if (segment >= kept || segment === this.#last) continue;
        await this.#closeFile(segment);
        await this.#directory.remove(`blocks-${segment}`);
      }
      this.#segments = this.#segments.filter((each) => each >= kept || each === this.#last);
      for (const [block, { segment }] of this.#stored) {
        if (segment < kept) this.#stored.delete(block);
        else break;
      }
    });
  }

  async close(): Promise<void> {
    await this.sync();
    for (const segment of [...this.#files.keys()]) await this.#closeFile(segment);
    await this.#directory.close();
  }

  /** Finds the blocks of a segment by their heads. */
  async #search(segment: number): Promise<void> {
    const file = await this.#file(segment);
    const size = await file.size();
    let at = 0;
    while (at + headBytes <= size) {
      const head = openHead(await file.read(at, headBytes), this.#stream, this.#hash);
      if (head !== undefined && at + headBytes + head.bytes <= size) {
        const { hash, ...rest } = head;
        this.#stored.set(head.number, { segment, at, bytes: head.bytes, hash });
        this.found.push(rest);
        at += headBytes + head.bytes;
        continue;
      }
      const isTorn = head !== undefined && segment === this.#segments.at(-1);
      if (isTorn) break;
      const next = await this.#nextHead(file, at + 1, size);
      if (next !== undefined || segment !== this.#segments.at(-1)) this.damaged++;
      if (next === undefined) break;
      at = next;
    }
    await this.#closeFile(segment);
  }

  /** Where a whole head stands, behind one that is damaged. */
  async #nextHead(file: OpenFile, from: number, size: number): Promise<number | undefined> {
    for (let start = from; start < size; start += searchBytes - headBytes) {
      const bytes = await file.read(start, searchBytes);
      for (let at = nextMagic(bytes, 0); at >= 0; at = nextMagic(bytes, at + 1)) {
        const head = bytes.slice(at, at + headBytes);
        if (openHead(head, this.#stream, this.#hash) !== undefined) return start + at;
      }
    }
    return undefined;
  }

  async #read(number: number): Promise<Uint8Array | undefined> {
    const stored = this.#stored.get(number);
    if (stored === undefined) return undefined;
    const file = await this.#file(stored.segment);
    const frames = await file.read(stored.at + headBytes, stored.bytes);
    const isWhole = frames.byteLength === stored.bytes;
    return isWhole && equalBytes(this.#hash(frames), stored.hash) ? frames : undefined;
  }

  async #begin(segment: number): Promise<void> {
    if (this.#last !== undefined) await (await this.#file(this.#last)).sync();
    this.#last = segment;
    this.#end = 0;
    if (!this.#segments.includes(segment)) this.#segments.push(segment);
    await (await this.#file(segment)).truncate(0);
    await this.#directory.sync();
  }

  #file(segment: number): Promise<OpenFile> {
    const known = this.#files.get(segment);
    if (known !== undefined) return known;
    const file = this.#directory.open(`blocks-${segment}`, "buffered");
    this.#files.set(segment, file);
    file.catch(() => this.#files.delete(segment)); // said to whoever waits for `file`
    return file;
  }

  async #closeFile(segment: number): Promise<void> {
    const file = this.#files.get(segment);
    this.#files.delete(segment);
    await (await file)?.close();
  }

  #serial<Value>(act: () => Promise<Value>): Promise<Value> {
    const next = this.#turn.then(act, act);
    this.#turn = next.catch(() => {}); // said to whoever waits for `next`
    return next;
  }
}
