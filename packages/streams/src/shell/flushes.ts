/** Those who wait until everything up to some sequence has left. */
export class Flushes {
  readonly #waiting = new Set<{ readonly sequence: number; readonly done: () => void }>();

  /** Waits until {@link check} says that all before the sequence has left. */
  add(sequence: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting = {
        sequence,
        done: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** `positions`: the sequences of what has not left yet, a consumer each. */
  check(positions: () => readonly number[]): void {
    if (this.#waiting.size === 0) return;
    const left = Math.min(...positions());
    for (const waiting of this.#waiting) {
      if (left < waiting.sequence) continue;
      this.#waiting.delete(waiting);
      waiting.done();
    }
  }
}
