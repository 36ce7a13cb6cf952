/** A value that changes, seen from outside: now, and as it changes. */
export interface Watch<Value> {
  /** The value now. */
  readonly value: Value;
  /**
   * Calls `listener` after every change until it is disposed of; not for the present value. Calls
   * `onClose` once when the owner closes the watch, at once where it is closed.
   */
  subscribe(listener: (value: Value) => void, onClose?: () => void): Disposable;
  /**
   * The present value, then every later one. Latest wins: a slow reader misses values in between,
   * never the last. Ends when the owner closes the watch or `signal` aborts.
   */
  changes(options?: { readonly signal?: AbortSignal }): AsyncIterable<Value>;
}

interface Subscription<Value> {
  readonly changed: (value: Value) => void;
  readonly closed: (() => void) | undefined;
}

/**
 * A {@link Watch} seen by its owner. A listener that throws harms neither the owner nor the other
 * listeners; its error goes where uncaught ones go.
 */
export class WatchSource<Value> implements Watch<Value> {
  #value: Value;
  #closed = false;
  readonly #subscriptions = new Set<Subscription<Value>>();

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  /** Replaces the value and tells the listeners, unless it is the same one or the watch is closed. */
  set(value: Value): void {
    if (this.#closed || Object.is(value, this.#value)) return;
    this.#value = value;
    for (const subscription of [...this.#subscriptions]) {
      if (this.#subscriptions.has(subscription)) report(() => subscription.changed(value));
    }
  }

  subscribe(listener: (value: Value) => void, onClose?: () => void): Disposable {
    const subscription = { changed: listener, closed: onClose };
    if (!this.#closed) this.#subscriptions.add(subscription);
    else if (onClose !== undefined) report(onClose);
    return { [Symbol.dispose]: () => void this.#subscriptions.delete(subscription) };
  }

  async *changes(options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<Value> {
    const { signal } = options;
    let fresh = true;
    let wake: (() => void) | undefined;
    const stir = (): void => wake?.();
    const subscription = this.subscribe(() => {
      fresh = true;
      stir();
    }, stir);
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
      signal?.removeEventListener("abort", stir);
    }
  }

  /** Ends every iteration and forgets the listeners. The value stays readable. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const subscriptions = [...this.#subscriptions];
    this.#subscriptions.clear();
    for (const { closed } of subscriptions) if (closed !== undefined) report(closed);
  }
}

/** Calls somebody else's function; what it throws surfaces as an uncaught error of its own. */
function report(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
