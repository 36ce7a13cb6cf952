/**
 * Decides when a connection is asked for a sign of life and when it is given up.
 *
 * Invariants:
 * 1. A peer is given up only after `silenceMaxMs` in which this process itself was awake: a pause of
 *    our own (a stopped process, a long computation) shows as a late tick and starts the wait anew.
 * 2. At most one ping is outstanding.
 */
export class Liveness {
  readonly #pingIntervalMs: number;
  readonly #silenceMaxMs: number;
  #heardAt: number;
  #tickedAt: number;
  #outstanding: { readonly id: number; readonly at: number } | undefined;
  #nextId = 1;

  constructor(init: {
    readonly now: number;
    readonly pingIntervalMs: number;
    readonly silenceMaxMs: number;
  }) {
    this.#heardAt = init.now;
    this.#tickedAt = init.now;
    this.#pingIntervalMs = init.pingIntervalMs;
    this.#silenceMaxMs = init.silenceMaxMs;
  }

  /** Called every ping interval, more or less. */
  tick(now: number): { readonly ping?: number; readonly dead?: true } {
    const wasPaused = now - this.#tickedAt > 2 * this.#pingIntervalMs;
    this.#tickedAt = now;
    if (wasPaused) this.#heardAt = now;
    if (now - this.#heardAt >= this.#silenceMaxMs) return { dead: true };
    if (this.#outstanding !== undefined) return {};
    this.#outstanding = { id: this.#nextId++, at: now };
    return { ping: this.#outstanding.id };
  }

  /** Takes a pong. Returns the round trip in milliseconds where it answers our ping. */
  pong(id: number, now: number): number | undefined {
    this.#heardAt = now;
    if (this.#outstanding?.id !== id) return undefined;
    const roundTripMs = now - this.#outstanding.at;
    this.#outstanding = undefined;
    return roundTripMs;
  }

  /** Takes any other sign of life. */
  heard(now: number): void {
    this.#heardAt = now;
  }
}
