import type { Clock } from "@mosaik/primitives";

/** How long to wait, and by which clock. */
export interface UntilOptions {
  readonly clock: Clock;
  /** Milliseconds of the clock. */
  readonly withinMs: number;
  /** What is waited for, for the error. */
  readonly what?: string;
  /** Milliseconds between two looks. Default: 5. */
  readonly everyMs?: number;
}

/**
 * Waits until something holds: for tests with real sockets, where nothing tells of it. It is asked
 * at once, then again and again. In a {@link World} use its `runUntil`, or this within `settle`.
 *
 * @throws `Error` where it does not hold in time; what `holds` throws.
 */
export async function until(holds: () => boolean, options: UntilOptions): Promise<void> {
  const { clock, withinMs, what = "what was waited for", everyMs = 5 } = options;
  const endsAt = clock.monotonic() + withinMs;
  while (!holds()) {
    if (clock.monotonic() >= endsAt) {
      throw new Error(`${what} did not happen within ${withinMs} ms`);
    }
    await new Promise<void>((resolve) => void clock.after(everyMs, resolve));
  }
}
