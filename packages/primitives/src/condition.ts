import type { Watch } from "./watch.ts";

/**
 * Something that holds now or may come to hold. Await it to wait until it does: at once where it
 * holds already, and again at every later `await`.
 *
 * @example
 * ```ts
 * import { condition, WatchSource } from "@mosaik/primitives";
 *
 * const count = new WatchSource(0);
 * const many = condition(count, (value) => value >= 3);
 * setTimeout(() => count.set(3), 5);
 * await many;
 * console.log(many.met, many.inverse().met); // true false
 * ```
 */
export interface Condition extends PromiseLike<void> {
  /** Whether it holds now. */
  readonly met: boolean;
  /** The condition that holds exactly when this one does not. */
  inverse(): Condition;
}

/**
 * A condition over a watched value.
 *
 * Awaiting it rejects with the reason of `signal` when that aborts first.
 */
export function condition<Value>(
  watch: Watch<Value>,
  test: (value: Value) => boolean,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Condition {
  const { signal } = options;
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (test(watch.value)) return resolve();
      const abort = (): void => {
        subscription[Symbol.dispose]();
        reject(signal?.reason);
      };
      const subscription = watch.subscribe((value) => {
        if (!test(value)) return;
        subscription[Symbol.dispose]();
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  return {
    get met() {
      return test(watch.value);
    },
    inverse: () => condition(watch, (value) => !test(value), options),
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what a condition is for
    then: (onMet, onFailed) => wait().then(onMet, onFailed),
  };
}
