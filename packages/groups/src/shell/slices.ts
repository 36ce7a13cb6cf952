import type { Clock } from "@mosaik/primitives";
import { snapshotSliceMs } from "../config.ts";

/** Cuts long work into slices, and lets the event loop turn between two. */
export class Slices {
  readonly #clock: Clock;
  readonly #rest: number;
  #beganMs: number;

  /** `rest`: how many times as long as a slice took others have the processor before the next. */
  constructor(clock: Clock, rest = 0) {
    this.#clock = clock;
    this.#rest = rest;
    this.#beganMs = clock.monotonic();
  }

  /** Waits where the slice is used up. */
  async pause(): Promise<void> {
    const spentMs = this.#clock.monotonic() - this.#beganMs;
    if (spentMs >= snapshotSliceMs) await this.turn(spentMs * this.#rest);
  }

  /** Ends the slice, and begins the next after at least so long. */
  async turn(restMs = 0): Promise<void> {
    await new Promise<void>((resolve) => {
      if (restMs > 0) this.#clock.after(restMs, resolve);
      else this.#clock.soon(resolve);
    });
    this.#beganMs = this.#clock.monotonic();
  }
}
