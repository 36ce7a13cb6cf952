import { MosaikError } from "./error.ts";
import type { Watch } from "./watch.ts";

/** A condition can no longer come to hold: what it is about has closed. */
export type ConditionErrorCode = "CONDITION_CLOSED";

/**
 * Something that holds now or may come to hold. Await it to wait until it does: at once where it
 * holds already, and again at every later `await`. The waiting begins with the `await`: what held
 * only before it is not seen.
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
 * Awaiting it rejects with the reason of `signal` when that aborts first, with what `test` throws,
 * and with a MosaikError, code `CONDITION_CLOSED`, when the watch closes first.
 */
export function condition<Value>(
  watch: Watch<Value>,
  test: (value: Value) => boolean,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Condition {
  return {
    get met() {
      return test(watch.value);
    },
    inverse: () => condition(watch, (value) => !test(value), options),
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what a condition is for
    then: (onMet, onFailed) => wait(watch, test, options.signal).then(onMet, onFailed),
  };
}

function wait<Value>(
  watch: Watch<Value>,
  test: (value: Value) => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (test(watch.value)) return resolve();
    const settle = (outcome: () => void): void => {
      subscription?.[Symbol.dispose]();
      signal?.removeEventListener("abort", onAbort);
      outcome();
    };
    const onAbort = (): void => settle(() => reject(signal?.reason));
    const onClose = (): void => settle(() => reject(closed()));
    const onChange = (value: Value): void => {
      try {
        if (test(value)) settle(resolve);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    let subscription: Disposable | undefined; // stays undefined where the watch is closed already
    subscription = watch.subscribe(onChange, onClose);
  });
}

function closed(): MosaikError<ConditionErrorCode> {
  return new MosaikError("CONDITION_CLOSED", "what was waited for has closed");
}
