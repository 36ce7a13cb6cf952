/** Something that happens at a moment of virtual time. */
export interface ScheduledEvent {
  /** When, in virtual milliseconds. */
  readonly at: number;
  /** Orders events of one moment: the earlier scheduled happens first. */
  readonly sequence: number;
  /** What happens; nothing where it was cancelled. */
  run: (() => void) | undefined;
}

/** Events in order of time, then of scheduling: a binary heap. */
export class EventQueue {
  readonly #heap: ScheduledEvent[] = [];
  #sequence = 0;
  #cancelled = 0;

  /** How many events are to come. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Schedules an event. */
  add(at: number, run: () => void): ScheduledEvent {
    const event = { at, sequence: this.#sequence++, run };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  /** Forgets an event. Does nothing where it has happened. */
  cancel(event: ScheduledEvent): void {
    if (event.run === undefined) return;
    event.run = undefined;
    this.#cancelled++;
    if (this.#cancelled > cancelledKeptMax && this.#cancelled > this.#heap.length / 2) {
      this.#dropCancelled();
    }
  }

  /** When the next event happens; `Infinity` where none is to come. */
  get nextAt(): number {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.run !== undefined) return first.at;
      this.#removeFirst();
      this.#cancelled--;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Takes the next event out and returns what it does. Nothing where none is to come. */
  take(): (() => void) | undefined {
    if (this.nextAt === Number.POSITIVE_INFINITY) return undefined;
    const first = this.#removeFirst();
    const run = first?.run;
    if (first !== undefined) first.run = undefined; // a later cancel does nothing
    return run;
  }

  #removeFirst(): ScheduledEvent | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #dropCancelled(): void {
    const live = this.#heap.filter((event) => event.run !== undefined).sort(compareEvents);
    this.#heap.length = 0;
    for (const event of live) this.#heap.push(event); // a sorted array is a heap
    this.#cancelled = 0;
  }

  #rise(from: number): void {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLater(parent, index)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    for (let index = from; ; ) {
      const left = 2 * index + 1;
      const child = this.#isLater(left, left + 1) ? left + 1 : left;
      if (!this.#swapIfLater(index, child)) return;
      index = child;
    }
  }

  #isLater(first: number, second: number): boolean {
    const [a, b] = [this.#heap[first], this.#heap[second]];
    return a !== undefined && b !== undefined && compareEvents(a, b) > 0;
  }

  #swapIfLater(upper: number, lower: number): boolean {
    const [a, b] = [this.#heap[upper], this.#heap[lower]];
    if (a === undefined || b === undefined || compareEvents(a, b) < 0) return false;
    this.#heap[upper] = b;
    this.#heap[lower] = a;
    return true;
  }
}

/** Cancelled events stay in the heap until they are more than these and more than the others. */
const cancelledKeptMax = 1024;

function compareEvents(a: ScheduledEvent, b: ScheduledEvent): number {
  return a.at - b.at || a.sequence - b.sequence;
}
