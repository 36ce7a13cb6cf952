/**
 * Undoes things in the reverse of the order in which they were done, once. A step that fails does
 * not keep the others from running.
 *
 * @example
 * ```ts
 * import { Cleanup } from "@mosaik/primitives";
 *
 * const cleanup = new Cleanup();
 * cleanup.add(() => console.log("first in, last out")); // first in, last out
 * await cleanup.close();
 * ```
 */
export class Cleanup {
  readonly #steps: (() => void | Promise<void>)[] = [];
  #closing: Promise<void> | undefined;

  /**
   * Remembers how to undo something. Where closing has begun, undoes it as soon as the steps before
   * it are through; what it throws then is for the next `close()`.
   */
  add(step: () => void | Promise<void>): void {
    this.#steps.push(step);
    if (this.#closing === undefined) return;
    this.#closing = this.#closing.then(
      () => this.#run(),
      (error: unknown) => this.#run([error]),
    );
    this.#closing.catch(() => {}); // kept for the next `close()`
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

  async #run(errors: unknown[] = []): Promise<void> {
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
