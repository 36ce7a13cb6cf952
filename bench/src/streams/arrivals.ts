import { cpuUs, nowUs } from "../processes/clock.ts";

/** The number of a run's first item: from here on numbers have one encoded length for long. */
export const firstNumber = 10_000_000;

/** What an item says beside its number; added up. */
export const marks = {
  none: 0,
  /** No further item in this run. */
  last: 1,
  /** The times at which it was sent and at which it arrived are noted. */
  timed: 2,
} as const;

/** What one consumer saw of one run. */
export interface Arrived {
  readonly items: number;
  /** When the first item was in the consumer's hands. */
  readonly firstUs: number;
  /** When the last item was in the consumer's hands. */
  readonly lastUs: number;
  /** When the timed items were, in their order. */
  readonly timedUs: readonly number[];
  /** Processor used since the run's first item. */
  readonly cpuUs: number;
}

/** Counts what arrives, and checks that it is every item, once, in order. */
export class Arrivals {
  #next = firstNumber;
  #timed: number[] = [];
  #firstUs = 0;
  #cpuBefore = 0;
  #failure: Error | undefined;
  readonly #finished: Arrived[] = [];
  #wake: (() => void) | undefined;

  /** An item is here. */
  take(number: number, mark: number): void {
    if (number !== this.#next) this.fail(`item ${number} arrived instead of ${this.#next}`);
    this.#next = number + 1;
    if (number === firstNumber) [this.#firstUs, this.#cpuBefore] = [nowUs(), cpuUs()];
    if (mark !== marks.none) this.#note(mark);
  }

  /** Something is wrong with what arrives; {@link next} says so. The first failure counts. */
  fail(what: string): void {
    this.#failure ??= new Error(what);
    this.#wake?.();
  }

  /** Waits for the end of the next run, in the order of runs. */
  async next(): Promise<Arrived> {
    while (this.#finished.length === 0 && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
    const arrived = this.#finished.shift();
    if (arrived === undefined) throw new Error("nothing has finished");
    return arrived;
  }

  #note(mark: number): void {
    const now = nowUs();
    if ((mark & marks.timed) !== 0) this.#timed.push(now);
    if ((mark & marks.last) === 0) return;
    this.#finished.push({
      items: this.#next - firstNumber,
      firstUs: this.#firstUs,
      lastUs: now,
      timedUs: this.#timed,
      cpuUs: cpuUs() - this.#cpuBefore,
    });
    this.#next = firstNumber;
    this.#timed = [];
    this.#wake?.();
  }
}
