import type { PeerId } from "@mosaik/primitives";
import { blockBytesMax, blockOpenMs, blockPart, sourcesMax } from "../config.ts";
import { type Mark, marked, olderThan } from "./ages.ts";
import { Block } from "./block.ts";
import { type Frames, firstOf, withoutFirst } from "./frames.ts";
import type { Offset } from "./position.ts";

/** How much is kept. */
export interface HistoryLimits {
  readonly items: number;
  /** As framed: 4 bytes an item more than it has. */
  readonly bytes: number;
  readonly ageMs: number;
}

/** What is kept of one run of a producer. */
export interface SourceSummary {
  readonly producer: PeerId;
  readonly incarnation: string;
  /** The first item that is kept; the end where none is. */
  readonly first: number;
  /** One more than the last item that was kept. */
  readonly end: number;
  /** The first kept item that is not older than what was asked for. */
  readonly since?: number;
  /** The end of the items that are known to be older than what was asked for, kept or not. */
  readonly older?: number;
}

/** What is found at a place: a block that holds it, or where the next one begins. */
export type Found =
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "gap"; readonly until: number }
  | { readonly kind: "end" };

interface Source {
  readonly producer: PeerId;
  readonly incarnation: string;
  readonly blocks: Block[];
  end: number;
  /** How old those were that were dropped. */
  dropped: Mark[];
}

/**
 * The items of a stream that a keeper keeps, in blocks.
 *
 * Invariants:
 * 1. Never more items or bytes than the limits allow; after {@link History.expire} none whose block
 *    is older than they allow.
 * 2. What is dropped is what was kept longest, in blocks of at most an eighth of the limits.
 * 3. The items of a run of a producer are in order, each once; what was not kept is a gap between
 *    blocks, before the first or behind the last.
 * 4. A sealed block never changes.
 * 5. No item counts as older than a time that was kept at that time or later.
 */
export class History {
  readonly #limits: HistoryLimits;
  readonly #onSealed: (block: Block) => void;
  readonly #onDropped: (block: Block) => void;
  readonly #sources = new Map<string, Source>();
  /** All blocks, those first that were begun first, from `#head` on. */
  #blocks: (Block | undefined)[] = [];
  #head = 0;
  readonly #open = new Set<Block>();
  #number = 0;
  #items = 0;
  #bytes = 0;

  constructor(
    limits: HistoryLimits,
    on: {
      /** A block is complete. */
      readonly sealed?: (block: Block) => void;
      /** A block is no longer kept, nor any before it. */
      readonly dropped?: (block: Block) => void;
    } = {},
  ) {
    this.#limits = limits;
    this.#onSealed = on.sealed ?? (() => {});
    this.#onDropped = on.dropped ?? (() => {});
  }

  get items(): number {
    return this.#items;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where each producer's items end: what comes next. Of its latest run. */
  get ends(): Map<PeerId, Offset> {
    const ends = new Map<PeerId, Offset>();
    for (const { producer, incarnation, end } of this.#sources.values()) {
      const known = ends.get(producer);
      if (known !== undefined && known.incarnation > incarnation) continue;
      ends.set(producer, { incarnation, sequence: end });
    }
    return ends;
  }

  /** Keeps items. `atMs`: when they were first kept anywhere. Those that are kept already are not. */
  append(producer: PeerId, at: Offset, run: Frames, atMs: number): void {
    const source = this.#source(producer, at.incarnation);
    let rest = withoutFirst(run, Math.min(run.items, Math.max(0, source.end - at.sequence)));
    let sequence = at.sequence + run.items - rest.items;
    while (rest.items > 0) {
      const block = this.#roomFor(source, rest, sequence, atMs);
      const part = firstOf(rest, this.#blockItemsMax - block.items, this.#blockBytesMax);
      block.append(part, atMs);
      this.#items += part.items;
      this.#bytes += part.frames.byteLength;
      sequence += part.items;
      source.end = sequence;
      rest = withoutFirst(rest, part.items);
      this.#trim();
    }
  }

  /** Takes a block that was stored, in the order of their numbers. */
  restore(block: Block): void {
    const source = this.#source(block.producer, block.incarnation);
    if (block.sequence < source.end) return;
    this.#number = Math.max(this.#number, block.number + 1);
    this.#add(source, block);
    this.#items += block.items;
    this.#bytes += block.bytes;
    source.end = block.end;
    this.#trim();
  }

  /** Completes the blocks that have been open for long enough, or all. */
  seal(nowMs: number, which: "due" | "all" = "due"): void {
    for (const block of [...this.#open]) {
      if (which === "all" || nowMs - block.fromMs >= blockOpenMs) this.#close(block);
    }
  }

  /** Drops what is too old. */
  expire(nowMs: number): void {
    for (let block = this.#oldest(); block !== undefined; block = this.#oldest()) {
      if (nowMs - block.atMs <= this.#limits.ageMs) return;
      this.#drop(block);
    }
  }

  /** Drops a block that turned out to be unreadable: a gap stays in its place. */
  spoil(block: Block): void {
    const source = this.#sources.get(keyOf(block.producer, block.incarnation));
    const index = source?.blocks.indexOf(block) ?? -1;
    if (index >= 0) source?.blocks.splice(index, 1);
    const place = this.#blocks.indexOf(block);
    if (place >= 0) this.#blocks.splice(place, 1);
    if (index >= 0) this.#forget(block);
  }

  /** What is kept, a run of a producer each; with a time, from which item on it is not older. */
  summary(sinceMs?: number): SourceSummary[] {
    return [...this.#sources.values()].map(({ producer, incarnation, blocks, end, dropped }) => {
      const first = blocks[0]?.sequence ?? end;
      const summary = { producer, incarnation, first, end };
      if (sinceMs === undefined) return summary;
      const older = olderThan([...dropped, ...blocks], sinceMs);
      const since = blocks.find(({ atMs }) => atMs >= sinceMs)?.sequence;
      return { ...summary, older, ...(since !== undefined && { since }) };
    });
  }

  /** What is at a place. */
  find(producer: PeerId, { incarnation, sequence }: Offset): Found {
    const { blocks = [], end = 0 } = this.#sources.get(keyOf(producer, incarnation)) ?? {};
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((blocks[middle]?.end ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    const block = blocks[low];
    if (block === undefined) return sequence < end ? { kind: "gap", until: end } : { kind: "end" };
    return block.sequence > sequence
      ? { kind: "gap", until: block.sequence }
      : { kind: "block", block };
  }

  get #blockItemsMax(): number {
    return Math.max(1, Math.floor(this.#limits.items / blockPart));
  }

  get #blockBytesMax(): number {
    return Math.min(blockBytesMax, Math.max(1, Math.floor(this.#limits.bytes / blockPart)));
  }

  #source(producer: PeerId, incarnation: string): Source {
    const key = keyOf(producer, incarnation);
    const known = this.#sources.get(key);
    if (known !== undefined) return known;
    if (this.#sources.size >= sourcesMax) this.#forgetOldest();
    const source = { producer, incarnation, blocks: [], end: 0, dropped: [] };
    this.#sources.set(key, source);
    return source;
  }

  #forgetOldest(): void {
    for (const [key, { blocks }] of this.#sources) {
      if (blocks.length > 0) continue;
      this.#sources.delete(key);
      return;
    }
    const oldest = this.#oldest();
    if (oldest === undefined) return;
    for (const source of this.#sources.values()) {
      if (source.blocks[0] !== oldest) continue;
      for (const block of [...source.blocks]) this.spoil(block);
      this.#sources.delete(keyOf(source.producer, source.incarnation));
      return;
    }
  }

  /** The open block that the first of the items goes to. */
  #roomFor(source: Source, run: Frames, sequence: number, atMs: number): Block {
    const last = source.blocks.at(-1);
    if (last !== undefined && this.#open.has(last)) {
      const fits =
        last.end === sequence &&
        last.items + run.items <= this.#blockItemsMax &&
        last.bytes + run.frames.byteLength <= this.#blockBytesMax &&
        atMs - last.fromMs < blockOpenMs;
      if (fits) return last;
      this.#close(last);
    }
    const { producer, incarnation } = source;
    const number = this.#number++;
    const block = new Block({ number, producer, incarnation, sequence, fromMs: atMs });
    this.#open.add(block);
    this.#add(source, block);
    return block;
  }

  #add(source: Source, block: Block): void {
    source.blocks.push(block);
    this.#blocks.push(block);
  }

  #close(block: Block): void {
    if (!this.#open.delete(block)) return;
    block.seal();
    this.#onSealed(block);
  }

  #oldest(): Block | undefined {
    return this.#blocks[this.#head];
  }

  #trim(): void {
    while (this.#items > this.#limits.items || this.#bytes > this.#limits.bytes) {
      const block = this.#oldest();
      if (block === undefined) return;
      this.#drop(block);
    }
  }

  /** Drops the oldest block, which is the first of its source. */
  #drop(block: Block): void {
    const source = this.#sources.get(keyOf(block.producer, block.incarnation));
    source?.blocks.shift();
    if (source !== undefined) source.dropped = marked(source.dropped, block);
    this.#blocks[this.#head++] = undefined;
    if (this.#head > 64 && this.#head * 2 > this.#blocks.length) {
      this.#blocks = this.#blocks.slice(this.#head);
      this.#head = 0;
    }
    this.#forget(block);
    this.#onDropped(block);
  }

  #forget(block: Block): void {
    this.#open.delete(block);
    this.#items -= block.items;
    this.#bytes -= block.bytes;
  }
}

function keyOf(producer: PeerId, incarnation: string): string {
  return `${producer}/${incarnation}`;
}
