/**
 * Keeps work for others below a share of the time in the long run: a little may be done at once, what
 * is more has to wait.
 */
export class Budget {
  readonly #shareMax: number;
  readonly #burstMs: number;
  #leftMs: number;
  #at: number;

  constructor(init: {
    readonly shareMax: number;
    /** Work that may be done at once, ms. */
    readonly burstMs: number;
    readonly nowMs: number;
  }) {
    this.#shareMax = init.shareMax;
    this.#burstMs = init.burstMs;
    this.#leftMs = init.burstMs;
    this.#at = init.nowMs;
  }

  /** Work was done, from one moment to another. */
  spent(fromMs: number, toMs: number): void {
    this.#refill(toMs);
    this.#leftMs -= toMs - fromMs;
  }

  /** How long the next work has to wait: whole milliseconds, so that time goes on. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#leftMs >= 0 ? 0 : Math.ceil(-this.#leftMs / this.#shareMax);
  }

  #refill(nowMs: number): void {
    const earned = Math.max(0, nowMs - this.#at) * this.#shareMax;
    this.#leftMs = Math.min(this.#burstMs, this.#leftMs + earned);
    this.#at = Math.max(this.#at, nowMs);
  }
}
