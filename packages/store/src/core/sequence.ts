import type { Print } from "./print.ts";

/** An item with the fingerprint of its content. */
export interface Printed<Item> {
  readonly item: Item;
  readonly print: Print;
}

/** Items of a chunk; a full one is cut in two. Large: a change copies more; small: more chunks. */
const chunkMax = 512;
/** Multipliers of the two lanes of a sequence's fingerprint: odd, so that no item's part vanishes. */
const factorA = 0x9e3779b1;
const factorB = 0x85ebca77;

interface Chunk<Item> {
  readonly items: Printed<Item>[];
  /** Whoever may change it in place. */
  readonly owner: object;
  print: Print | undefined;
}

/**
 * A list of items in chunks. A clone takes no time: both share the chunks until one changes them.
 * Reading and changing anywhere cost about the square root of the length.
 *
 * Its fingerprint follows from the items and their order alone: a polynomial over their prints, as
 * chunks can then be added up however they were cut.
 */
export class Sequence<Item> {
  #chunks: Chunk<Item>[] = [];
  /** Chunks of another owner are shared, and copied before a change. */
  #owner = {};
  #ownsList = true;
  #size = 0;
  /** Where each chunk begins; shorter than the list of chunks where that has to be found again. */
  #starts: number[] = [];

  get size(): number {
    return this.#size;
  }

  /** The fingerprint of all items in their order. */
  get print(): Print {
    let a = 0;
    let b = 0;
    for (const chunk of this.#chunks) {
      chunk.print ??= printOf(chunk.items);
      a = (Math.imul(a, power(factorA, chunk.items.length)) + chunk.print[0]) | 0;
      b = (Math.imul(b, power(factorB, chunk.items.length)) + chunk.print[1]) | 0;
    }
    return [a >>> 0, b >>> 0];
  }

  /** The item at an index from 0; absent past the end. */
  get(index: number): Item | undefined {
    if (!(index >= 0 && index < this.#size)) return undefined;
    const [at, within] = this.#locate(index);
    return this.#chunks[at]?.items[within]?.item;
  }

  /** Puts items before the one at an index; at the end where the index is the size. */
  insert(index: number, added: readonly Printed<Item>[]): void {
    if (added.length === 0) return;
    if (this.#chunks.length === 0) this.#list().push(this.#fresh([]));
    const [at, within] = this.#locate(index);
    const { items } = this.#open(at);
    const tail = items.splice(within);
    for (const item of added) items.push(item);
    for (const item of tail) items.push(item);
    if (items.length > chunkMax) this.#cut(at, index === this.#size);
    this.#size += added.length;
    this.#forgetStarts(at + 1);
  }

  /** Replaces an item that is there. */
  set(index: number, item: Printed<Item>): void {
    const [at, within] = this.#locate(index);
    this.#open(at).items[within] = item;
  }

  /** Takes out so many items that are there, from an index on, and returns them. */
  remove(index: number, count: number): Item[] {
    const removed: Item[] = [];
    while (removed.length < count) {
      const [at, within] = this.#locate(index);
      const taken = this.#open(at).items.splice(within, count - removed.length);
      for (const { item } of taken) removed.push(item);
      this.#size -= taken.length;
      this.#join(at);
      this.#forgetStarts(at);
    }
    return removed;
  }

  /** Another sequence with the same items; a change of one is none of the other. */
  clone(): Sequence<Item> {
    const twin = new Sequence<Item>();
    twin.#chunks = this.#chunks;
    twin.#size = this.#size;
    twin.#ownsList = false;
    this.#ownsList = false;
    this.#owner = {};
    return twin;
  }

  /** Items from an index up to another, which is excluded, as they are at the call. */
  slice(from = 0, to: number = this.#size): IterableIterator<Item> {
    return this.clone().#walk(from, Math.min(to, this.#size));
  }

  *#walk(from: number, to: number): Generator<Item> {
    let left = to - from;
    if (left <= 0) return;
    let [at, within] = this.#locate(from);
    for (; left > 0; at++, within = 0) {
      const items = this.#chunks[at]?.items ?? [];
      for (; within < items.length && left > 0; within++, left--) {
        yield (items[within] as Printed<Item>).item; // it is within the bounds
      }
    }
  }

  /** The chunk that an index falls into, and where in it. */
  #locate(index: number): [chunk: number, within: number] {
    const starts = this.#starts;
    const last = this.#chunks.length - 1;
    if (index === this.#size) return [last, this.#chunks[last]?.items.length ?? 0];
    for (let at = starts.length; at <= last; at++) {
      starts.push(at === 0 ? 0 : (starts[at - 1] ?? 0) + (this.#chunks[at - 1]?.items.length ?? 0));
    }
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return [low, index - (starts[low] ?? 0)];
  }

  #forgetStarts(from: number): void {
    if (this.#starts.length > from) this.#starts.length = from;
  }

  /** The list of chunks, to be changed. */
  #list(): Chunk<Item>[] {
    if (!this.#ownsList) {
      this.#chunks = [...this.#chunks];
      this.#ownsList = true;
    }
    return this.#chunks;
  }

  /** A chunk, to be changed. */
  #open(at: number): Chunk<Item> {
    const list = this.#list();
    let chunk = list[at];
    if (chunk === undefined) return this.#fresh([]);
    if (chunk.owner !== this.#owner) {
      chunk = this.#fresh([...chunk.items]);
      list[at] = chunk;
    }
    chunk.print = undefined;
    return chunk;
  }

  #fresh(items: Printed<Item>[]): Chunk<Item> {
    return { items, owner: this.#owner, print: undefined };
  }

  /** Cuts a chunk that is too full: at the end of the list into full ones, elsewhere in halves. */
  #cut(at: number, isEnd: boolean): void {
    const { items } = this.#open(at);
    const halves = !isEnd && items.length <= 2 * chunkMax;
    const step = halves ? Math.ceil(items.length / 2) : chunkMax;
    const pieces: Chunk<Item>[] = [];
    for (let from = 0; from < items.length; from += step) {
      pieces.push(this.#fresh(items.slice(from, from + step)));
    }
    this.#list().splice(at, 1, ...pieces);
  }

  /** Lets go of a chunk that is empty, and joins one that is small with the next. */
  #join(at: number): void {
    const list = this.#list();
    const { items } = this.#open(at);
    const next = list[at + 1];
    if (items.length === 0) list.splice(at, 1);
    else if (next !== undefined && items.length + next.items.length <= chunkMax / 2) {
      for (const item of next.items) items.push(item);
      list.splice(at + 1, 1);
    }
  }
}

function printOf(items: readonly Printed<unknown>[]): Print {
  let a = 0;
  let b = 0;
  for (const { print } of items) {
    a = (Math.imul(a, factorA) + print[0]) | 0;
    b = (Math.imul(b, factorB) + print[1]) | 0;
  }
  return [a >>> 0, b >>> 0];
}

/** A power in 32 bits. */
function power(factor: number, exponent: number): number {
  let result = 1;
  let square = factor;
  for (let left = exponent; left > 0; left >>>= 1) {
    if ((left & 1) === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}
