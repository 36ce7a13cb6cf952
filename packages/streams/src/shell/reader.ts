import { nothing } from "../core/inbox.ts";

/** Takes something from the inbox, if it can. */
type Take<Value> = () => Value | typeof nothing;

interface Waiting {
  /** Takes what it waits for. Returns whether it got it. */
  wake(): boolean;
  /** There will be nothing. */
  end(): void;
}

/** What a {@link Reader} takes from. */
export interface ReadableInbox<Item, Delivery> {
  /** Whether nothing waits. */
  readonly empty: boolean;
  /** The next item; {@link nothing} where none has arrived. */
  take(): Item | typeof nothing;
  /** Up to so many items. */
  takeBatch(max: number): readonly Item[];
  /** The next item or gap, with its origin. */
  takeDelivery(): Delivery | undefined;
}

/** Readers of an inbox, of every kind: who finds nothing waits, first come, first served. */
export class Reader<Item, Delivery> {
  readonly #inbox: ReadableInbox<Item, Delivery>;
  readonly #waiting = new Set<Waiting>();
  #ended = false;

  constructor(inbox: ReadableInbox<Item, Delivery>) {
    this.#inbox = inbox;
  }

  /** Something is in the inbox: wakes those who wait for it. */
  arrived(): void {
    for (const waiting of this.#waiting) {
      if (this.#inbox.empty) return;
      if (waiting.wake()) this.#waiting.delete(waiting);
    }
  }

  /** Nothing will arrive any more. What has can be taken still. */
  end(): void {
    this.#ended = true;
    for (const waiting of this.#waiting) waiting.end();
    this.#waiting.clear();
  }

  /** The next item; `undefined` where there is none and will be none. */
  receive(signal: AbortSignal | undefined): Promise<Item | undefined> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const item = this.#inbox.take();
    if (item !== nothing) return Promise.resolve(item);
    return this.#wait<Item | undefined>(() => this.#inbox.take(), undefined, signal);
  }

  /** Items, one by one. */
  items(): AsyncIterator<Item> {
    return this.#iterator(() => this.#inbox.take());
  }

  /** Items and gaps, with their origin. */
  deliveries(): AsyncIterator<Delivery> {
    return this.#iterator(() => this.#inbox.takeDelivery() ?? nothing);
  }

  /** Items in lots. */
  batches(max: number): AsyncIterator<readonly Item[]> {
    return this.#iterator(() => {
      const batch = this.#inbox.takeBatch(max);
      return batch.length === 0 ? nothing : batch;
    });
  }

  /** An iterator by hand: a generator would cost several promises an item. */
  #iterator<Value>(take: Take<Value>): AsyncIterator<Value> {
    const takeResult: Take<IteratorResult<Value>> = () => {
      const value = take();
      return value === nothing ? nothing : { done: false, value };
    };
    let over = false;
    const next = (): Promise<IteratorResult<Value>> => {
      if (over) return Promise.resolve({ done: true, value: undefined });
      const result = takeResult();
      if (result !== nothing) return Promise.resolve(result);
      return this.#wait(takeResult, { done: true, value: undefined }, undefined);
    };
    const stop = (): Promise<IteratorResult<Value>> => {
      over = true;
      return Promise.resolve({ done: true, value: undefined });
    };
    return { next, return: stop };
  }

  #wait<Value>(
    take: Take<Value>,
    whenEnded: Value,
    signal: AbortSignal | undefined,
  ): Promise<Value> {
    if (this.#ended) return Promise.resolve(whenEnded);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const settle = (value: Value): void => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      };
      const waiting: Waiting = {
        wake: () => {
          const value = take();
          if (value === nothing) return false;
          settle(value);
          return true;
        },
        end: () => settle(whenEnded),
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.add(waiting);
    });
  }
}
