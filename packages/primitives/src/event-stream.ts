import { BoundedQueue } from "./bounded-queue.ts";

/** What an {@link EventStream} is made with. */
export interface EventStreamInit<Event> {
  /** Events that may wait for the reader. Beyond it the oldest go. */
  readonly backlogMax: number;
  /** The event that tells the reader how many went. */
  readonly lagged: (missed: number) => Event;
  /** Told once, when the stream ends for whatever reason. */
  readonly onEnd?: (stream: EventStream<Event>) => void;
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The events for one reader, from its making on. Never holds more than its limit: the oldest go, and
 * the reader is told how many.
 *
 * @throws `RangeError` where the limit is not a whole number above 0.
 * @example
 * ```ts
 * import { EventStream } from "@mosaik/primitives";
 *
 * const lagged = (missed: number): string => `${missed} missed`;
 * const events = new EventStream<string>({ backlogMax: 2, lagged });
 * for (const event of ["a", "b", "c"]) events.push(event);
 * events.end();
 * for await (const event of events) console.log(event); // 1 missed b c
 * ```
 */
export class EventStream<Event> implements AsyncIterableIterator<Event> {
  readonly #backlog: BoundedQueue<Event>;
  readonly #init: EventStreamInit<Event>;
  readonly #readers: ((result: IteratorResult<Event>) => void)[] = [];
  readonly #abort = (): void => this.end();
  #missed = 0;
  #ended = false;

  constructor(init: EventStreamInit<Event>) {
    this.#backlog = new BoundedQueue(init.backlogMax);
    this.#init = init;
    init.signal?.addEventListener("abort", this.#abort, { once: true });
    if (init.signal?.aborted === true) this.end();
  }

  /** Whether no more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Gives the reader one more event. */
  push(event: Event): void {
    if (this.#ended) return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader({ done: false, value: event });
    if (this.#backlog.full) {
      this.#backlog.shift();
      this.#missed += 1;
    }
    this.#backlog.push(event);
  }

  /** No more will come. What waits can still be read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#init.signal?.removeEventListener("abort", this.#abort);
    this.#init.onEnd?.(this);
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<Event>> {
    if (this.#missed > 0) {
      const value = this.#init.lagged(this.#missed);
      this.#missed = 0;
      return Promise.resolve({ done: false, value });
    }
    const event = this.#backlog.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => void this.#readers.push(resolve));
  }

  return(): Promise<IteratorResult<Event>> {
    this.#backlog.clear();
    this.#missed = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
