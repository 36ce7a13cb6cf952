/**
 * A set of tuples of small numbers, in the order they came, each with the place of the one it came
 * from. Exact: two tuples are one only where all their numbers are equal.
 */
export class StateTable {
  readonly width: number;
  size = 0;
  #tuples: Int32Array;
  #parents: Int32Array;
  #slots: Int32Array;

  constructor(width: number) {
    this.width = width;
    this.#tuples = new Int32Array(width * 1_024);
    this.#parents = new Int32Array(1_024);
    this.#slots = new Int32Array(4_096).fill(-1);
  }

  /** Adds a tuple; false where it is known. */
  add(tuple: Int32Array, parent: number): boolean {
    const slot = this.#slotOf(tuple);
    if (this.#slots[slot] !== -1) return false;
    this.#slots[slot] = this.size;
    if (this.size === this.#parents.length) this.#grow();
    this.#tuples.set(tuple, this.size * this.width);
    this.#parents[this.size] = parent;
    this.size++;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return true;
  }

  /** Reads the tuple at a place. */
  read(place: number, into: Int32Array): void {
    const start = place * this.width;
    for (let at = 0; at < this.width; at++) into[at] = this.#tuples[start + at] ?? 0;
  }

  /** The place of the tuple that the one at a place came from. */
  parentOf(place: number): number {
    return this.#parents[place] ?? -1;
  }

  #slotOf(tuple: Int32Array): number {
    const { width } = this;
    const mask = this.#slots.length - 1;
    let hash = 0;
    for (let at = 0; at < width; at++)
      hash = Math.imul(hash ^ (tuple[at] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
    let slot = (hash ^ (hash >>> 16)) & mask;
    for (;;) {
      const place = this.#slots[slot] ?? -1;
      if (place === -1) return slot;
      const start = place * width;
      let at = 0;
      while (at < width && this.#tuples[start + at] === tuple[at]) at++;
      if (at === width) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const tuples = new Int32Array(this.#tuples.length * 2);
    tuples.set(this.#tuples);
    this.#tuples = tuples;
    const parents = new Int32Array(this.#parents.length * 2);
    parents.set(this.#parents);
    this.#parents = parents;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const tuple = new Int32Array(this.width);
    for (let place = 0; place < this.size; place++) {
      this.read(place, tuple);
      this.#slots[this.#slotOf(tuple)] = place;
    }
  }
}
