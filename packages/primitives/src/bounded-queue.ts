/**
 * First in, first out, never longer than its limit. Taking from it costs the same whatever its
 * length.
 */
export class BoundedQueue<Item> {
  readonly #limit: number;
  #items: (Item | undefined)[] = [];
  #head = 0;

  /** @throws `RangeError` where the limit is not a whole number above 0. */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`a queue holds at least one item, not ${limit}`);
    }
    this.#limit = limit;
  }

  /** How many items wait. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Whether no more fits. */
  get full(): boolean {
    return this.length >= this.#limit;
  }

  /** Adds an item at the end; `false`, and nothing happens, where the queue is full. */
  push(item: Item): boolean {
    if (this.full) return false;
    this.#items.push(item);
    return true;
  }

  /** Takes the oldest item, `undefined` where there is none. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The oldest item, left where it is. */
  peek(): Item | undefined {
    return this.#items[this.#head];
  }

  /** Forgets all items. */
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
