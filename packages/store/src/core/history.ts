/** What changed in one store at one version. */
export interface Happening {
  readonly store: number;
  readonly version: number;
  readonly events: readonly unknown[];
}

/**
 * The latest changes of all stores of a group, for those who watch. Bounded: the oldest are
 * forgotten, and whoever needs one of those is told so.
 *
 * 1. Happenings are in the order of their versions.
 * 2. Every happening of a version above `floor` is there.
 */
export class History {
  readonly #changesMax: number;
  #happenings: Happening[] = [];
  /** The number of the first happening there is; numbers are never used again. */
  #first = 0;
  #changes = 0;
  #floor = 0;

  constructor(changesMax: number) {
    this.#changesMax = changesMax;
  }

  /** The number that the next happening will have. */
  get next(): number {
    return this.#first + this.#happenings.length;
  }

  /** The version up to which something may be forgotten. */
  get floor(): number {
    return this.#floor;
  }

  /** Adds what happened. */
  add(happening: Happening): void {
    this.#happenings.push(happening);
    this.#changes += happening.events.length;
    if (this.#changes > 2 * this.#changesMax) this.#forget();
  }

  /** Forgets everything: the state at a version came from elsewhere. */
  jump(version: number): void {
    this.#first = this.next + 1;
    this.#happenings = [];
    this.#changes = 0;
    this.#floor = version;
  }

  /** The happening of a number; `forgotten` where it is no more, absent where it is not yet. */
  at(number: number): Happening | "forgotten" | undefined {
    return number < this.#first ? "forgotten" : this.#happenings[number - this.#first];
  }

  /** The number of the first happening after a version; `forgotten` where it may be no more. */
  after(version: number): number | "forgotten" {
    if (version < this.#floor) return "forgotten";
    let low = 0;
    let high = this.#happenings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#happenings[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }

  /** Forgets the older half at once, so that it costs little a change; the latest stays always. */
  #forget(): void {
    let count = 0;
    while (this.#changes > this.#changesMax && count < this.#happenings.length - 1) {
      const oldest = this.#happenings[count++];
      this.#changes -= oldest?.events.length ?? 0;
      this.#floor = oldest?.version ?? this.#floor;
    }
    this.#happenings = this.#happenings.slice(count);
    this.#first += count;
  }
}
