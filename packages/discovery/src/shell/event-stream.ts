import { BoundedQueue } from "@mosaik/primitives";
import type { DiscoveryEvent } from "../discovery.ts";

/**
 * The events for one reader, from its making on. Never holds more than its limit: the oldest go, and
 * the reader is told how many.
 */
export class EventStream implements AsyncIterableIterator<DiscoveryEvent> {
  readonly #backlog: BoundedQueue<DiscoveryEvent>;
  readonly #onEnd: () => void;
  readonly #readers: ((result: IteratorResult<DiscoveryEvent>) => void)[] = [];
  #missed = 0;
  #ended = false;

  constructor(backlogMax: number, onEnd: () => void) {
    this.#backlog = new BoundedQueue(backlogMax);
    this.#onEnd = onEnd;
  }

  /** Gives the reader one more event. */
  push(event: DiscoveryEvent): void {
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
    this.#onEnd();
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
  }

  next(): Promise<IteratorResult<DiscoveryEvent>> {
    if (this.#missed > 0) {
      const value: DiscoveryEvent = { kind: "lagged", missed: this.#missed };
      this.#missed = 0;
      return Promise.resolve({ done: false, value });
    }
    const event = this.#backlog.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => void this.#readers.push(resolve));
  }

  return(): Promise<IteratorResult<DiscoveryEvent>> {
    this.#backlog.clear();
    this.#missed = 0;
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
