/** What still fits somewhere: items, and bytes of frames. Not above 0: nothing. */
export interface Space {
  readonly itemsLeft: number;
  readonly bytesLeft: number;
}

/**
 * How much a producer takes: so much in a turn of the event loop, and no more than its consumers'
 * queues had room for when it looked last.
 *
 * Invariants:
 * 1. In a turn no more is spent than its limits, but for the item that reaches them.
 * 2. Between two looks no more is spent than the space at the first, but for that item.
 */
export class Allowance {
  readonly #turn: Space;
  #turnItems: number;
  #turnBytes: number;
  #items = 0;
  #bytes = 0;

  /** `turn`: what may be spent in a turn. */
  constructor(turn: Space) {
    this.#turn = turn;
    this.#turnItems = turn.itemsLeft;
    this.#turnBytes = turn.bytesLeft;
    this.look(undefined);
  }

  /** Whether anything may be spent. */
  get left(): boolean {
    return this.#items > 0 && this.#bytes > 0;
  }

  /** Spends an item of so many bytes. Returns whether anything is left. */
  spend(bytes: number): boolean {
    this.#turnItems--;
    this.#turnBytes -= bytes;
    this.#items--;
    this.#bytes -= bytes;
    return this.left;
  }

  /** Begins a turn. Followed by a {@link look}. */
  newTurn(): void {
    this.#turnItems = this.#turn.itemsLeft;
    this.#turnBytes = this.#turn.bytesLeft;
  }

  /** Takes note of what else limits it now, if anything. */
  look(space: Space | undefined): void {
    this.#items = Math.min(this.#turnItems, space?.itemsLeft ?? this.#turnItems);
    this.#bytes = Math.min(this.#turnBytes, space?.bytesLeft ?? this.#turnBytes);
  }
}
