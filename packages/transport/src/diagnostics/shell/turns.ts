import type { Clock, Timer } from "@mosaik/primitives";
import { diagnosticsLimits } from "../config.ts";
import { Budget } from "../core/budget.ts";

/**
 * The work that a node does for its inspectors: one after the other, in the order in which it was
 * asked for, and together no more than a share of the time.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #budget: Budget;
  readonly #waiting = new Set<() => void>();
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    const { answersShareMax: shareMax, answersBurstMs: burstMs } = diagnosticsLimits;
    this.#clock = clock;
    this.#budget = new Budget({ shareMax, burstMs, nowMs: clock.monotonic() });
  }

  /** Does it now, if nothing else waits and there is time; else when its turn has come. */
  take(work: () => void): Disposable {
    const turn = (): void => work();
    if (this.#waiting.size === 0 && this.#waitMs() === 0) this.#do(turn);
    else {
      this.#waiting.add(turn);
      this.#arm();
    }
    return { [Symbol.dispose]: () => void this.#waiting.delete(turn) };
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#waiting.size === 0) return;
    this.#timer = this.#clock.after(this.#waitMs(), () => {
      this.#timer = undefined;
      try {
        for (const turn of this.#waiting) {
          if (this.#waitMs() > 0) break;
          this.#waiting.delete(turn);
          this.#do(turn);
        }
      } finally {
        this.#arm();
      }
    });
  }

  #do(work: () => void): void {
    const from = this.#clock.monotonic();
    try {
      work();
    } finally {
      const { answerCostMaxMs, answerOverheadMs } = diagnosticsLimits;
      const tookMs = Math.min(this.#clock.monotonic() - from, answerCostMaxMs);
      this.#budget.spent(from, from + tookMs + answerOverheadMs);
    }
  }

  #waitMs(): number {
    return this.#budget.waitMs(this.#clock.monotonic());
  }
}
