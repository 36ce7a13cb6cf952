/**
 * Keeps what is made on request from costing more than a share of the time, whoever asks and however
 * often: what was made stays good for a while, longer the dearer it was.
 */
export class Thrift {
  readonly #freshMs: number;
  readonly #shareMax: number;
  #freshUntil = Number.NEGATIVE_INFINITY;

  constructor(init: {
    /** What was made is good for so long at least. */
    readonly freshMs: number;
    /** Of the time, at most this share may go into making it. */
    readonly shareMax: number;
  }) {
    this.#freshMs = init.freshMs;
    this.#shareMax = init.shareMax;
  }

  /** Whether it may be made anew. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#freshUntil;
  }

  /** Until when what was made last is good. */
  get freshUntilMs(): number {
    return this.#freshUntil;
  }

  /** It was made, which took from one moment to another. */
  made(fromMs: number, toMs: number): void {
    this.#freshUntil = fromMs + Math.max(this.#freshMs, (toMs - fromMs) / this.#shareMax);
  }
}
