import type { Clock, Timer } from "@mosaik/primitives";

/** How the clock of a node differs from the world's. */
export interface WorldClockOptions {
  /** How far the wall clock is ahead (behind where negative), milliseconds. Default: 0. */
  readonly skewMs?: number;
}

/** What a clock needs of its world. */
export interface TimeSource {
  /** Virtual milliseconds since the world began. */
  readonly elapsedMs: number;
  /** The wall-clock time at which the world began. */
  readonly startMs: number;
  /** Runs a function once, `ms` later. */
  schedule(ms: number, run: () => void): Timer;
}

/** The clock of one node in a world: its wall clock may be wrong, and it can stand still. */
export class WorldClock implements Clock {
  readonly #time: TimeSource;
  #skewMs: number;
  #paused = false;
  #held: (() => void)[] = [];

  constructor(time: TimeSource, options: WorldClockOptions = {}) {
    this.#time = time;
    this.#skewMs = options.skewMs ?? 0;
  }

  now(): number {
    return Math.floor(this.#time.startMs + this.#time.elapsedMs + this.#skewMs);
  }

  monotonic(): number {
    return this.#time.elapsedMs;
  }

  after(ms: number, run: () => void): Timer {
    let cancelled = false;
    const timer = this.#time.schedule(ms, () => {
      if (this.#paused) this.#held.push(fire);
      else run();
    });
    const fire = (): void => {
      if (!cancelled) run();
    };
    return {
      cancel: () => {
        cancelled = true;
        timer.cancel();
      },
    };
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** Moves the wall clock, as when an operator or a time server sets it. */
  step(ms: number): void {
    this.#skewMs += ms;
  }

  /** Lets no timer fire until `resume`, as when the process is stopped. Time passes all the same. */
  pause(): void {
    this.#paused = true;
  }

  /** Fires what was due meanwhile, in order, each in a turn of its own. */
  resume(): void {
    this.#paused = false;
    const held = this.#held;
    this.#held = [];
    for (const fire of held) this.soon(fire);
  }
}
