/** A value that changes, seen from outside: now, and as it changes. */
export interface Watch<Value> {
  /** The value now. */
  readonly value: Value;
  /** Calls `listener` after every change until it is disposed of; not for the present value. */
  subscribe(listener: (value: Value) => void): Disposable;
  /**
   * The present value, then every later one. Latest wins: a slow reader misses values in between,
   * never the last. Ends when the owner closes the watch or `signal` aborts.
   */
  changes(options?: { readonly signal?: AbortSignal }): AsyncIterable<Value>;
}

/** A {@link Watch} seen by its owner. */
export class WatchSource<Value> implements Watch<Value> {
  #value: Value;
  #closed = false;
  readonly #listeners = new Set<(value: Value) => void>();
  readonly #onClose = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  /** Replaces the value and tells the listeners, unless it is the same one. */
  set(value: Value): void {
    if (this.#closed || Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) listener(value);
    }
  }

  subscribe(listener: (value: Value) => void): Disposable {
    const own = (value: Value): void => listener(value);
    if (!this.#closed) this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  async *changes(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Value> {
    const { signal } = options;
    let fresh = true;
    let wake: (() => void) | undefined;
    const stir = (): void => wake?.();
    const subscription = this.subscribe(() => {
      fresh = true;
      stir();
    });
    this.#onClose.add(stir);
    signal?.addEventListener("abort", stir);
    try {
      while (!signal?.aborted) {
        if (fresh) {
          fresh = false;
          yield this.#value;
        } else if (this.#closed) return;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      subscription[Symbol.dispose]();
      this.#onClose.delete(stir);
      signal?.removeEventListener("abort", stir);
    }
  }

  /** Ends every iteration and forgets the listeners. The value stays readable. */
  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    for (const stir of [...this.#onClose]) stir();
  }
}
