/**
 * Allows `burst` at once and `perSecond` in the long run: a token bucket.
 *
 * @example
 * ```ts
 * import { RateLimit } from "@mosaik/primitives";
 *
 * const limit = new RateLimit({ perSecond: 10, burst: 1, nowMs: 0 });
 * console.log(limit.take(0), limit.take(50), limit.take(100)); // true false true
 * ```
 */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(init: {
    readonly perSecond: number;
    readonly burst: number;
    readonly nowMs: number;
  }) {
    this.#perMs = init.perSecond / 1_000;
    this.#burst = init.burst;
    this.#tokens = init.burst;
    this.#filledAtMs = init.nowMs;
  }

  /** Takes one; `false`, and nothing is taken, where none is left. */
  take(nowMs: number): boolean {
    const filled = this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs;
    this.#tokens = Math.min(this.#burst, filled);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
