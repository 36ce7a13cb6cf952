/**
 * Undoes things in the reverse of the order in which they were done, once. A step that fails does
 * not keep the others from running.
 *
 * @example
 * ```ts
 * import { Cleanup } from "@mosaik/primitives";
 *
 * const cleanup = new Cleanup();
 * cleanup.add(() => console.log("first in, last out"));
 * await cleanup.close();
 * ```
 */
export class Cleanup {
  readonly #steps: (() => void | Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  /** Remembers how to undo something. Undoes it at once where closing has begun. */
  add(step: () => void | Promise<void>): void {
    if (this.#closing === undefined) this.#steps.push(step);
    else this.#closing = this.#closing.then(step);
  }

  /** Whether closing has begun. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Runs the steps, last first, each awaited before the next. Idempotent: later calls wait for the
   * first.
   *
   * @throws what a step threw, once all have run; `AggregateError` where several did.
   */
  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "several steps of a cleanup failed");
  }
}
