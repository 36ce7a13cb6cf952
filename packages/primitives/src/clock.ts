/** Something that was scheduled. */
export interface Timer {
  /** Forgets it. Does nothing where it has run or was cancelled. */
  cancel(): void;
}

/**
 * The passing of time. The one in `@mosaik/primitives/system` is real; `@mosaik/testing` has a
 * virtual one.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. May jump either way. */
  now(): number;
  /** Milliseconds since some fixed moment. Never goes back. */
  monotonic(): number;
  /** Runs a function once, `ms` milliseconds from now. A pending timer keeps no process alive. */
  after(ms: number, run: () => void): Timer;
  /** Runs a function once when the present turn of the event loop, its promises included, is over. */
  soon(run: () => void): void;
}
