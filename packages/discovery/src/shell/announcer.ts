import { type Clock, jitter, type Random, type Timer } from "@mosaik/primitives";
import { announceTimings } from "../config.ts";

/**
 * Decides when the local entry is announced: at once after a change, those of one turn together and
 * those in quick succession too, and now and then as a sign of life.
 */
export class Announcer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #intervalMs: number;
  readonly #announce: (options: { readonly anew: boolean }) => void;
  #timer: Timer | undefined;
  #announcedAtMs = Number.NEGATIVE_INFINITY;
  #outdoneAtMs = Number.NEGATIVE_INFINITY;
  #isDue = false;
  #closed = false;

  constructor(init: {
    readonly clock: Clock;
    readonly random: Random;
    readonly intervalMs: number;
    /** Announces; `anew`: with a new signature though nothing changed. */
    readonly announce: (options: { readonly anew: boolean }) => void;
  }) {
    this.#clock = init.clock;
    this.#random = init.random;
    this.#intervalMs = init.intervalMs;
    this.#announce = init.announce;
    this.#wait();
  }

  /** Something changed: it is announced when this turn is over, or as soon as the gap allows. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.soon(() => {
      const gapMs = announceTimings.gapMs - (this.#clock.monotonic() - this.#announcedAtMs);
      if (gapMs <= 0) this.#now(false);
      else this.#after(gapMs, false);
    });
  }

  /** A newer entry of this node was met: it is outdone at once, but not time and again. */
  outdone(): void {
    if (this.#isDue) return;
    const nowMs = this.#clock.monotonic();
    const gapMs = announceTimings.outdoneGapMs - (nowMs - this.#outdoneAtMs);
    if (gapMs <= 0) {
      this.#outdoneAtMs = nowMs;
      return this.changed();
    }
    this.#isDue = true;
    this.#outdoneAtMs = nowMs + gapMs;
    this.#after(gapMs, false);
  }

  /** Shows a sign of life: a node that just found its first neighbour, for one. */
  announce(): void {
    this.#now(true);
  }

  /** Ends it. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #now(anew: boolean): void {
    if (this.#closed) return;
    this.#isDue = false;
    this.#announcedAtMs = this.#clock.monotonic();
    this.#wait();
    this.#announce({ anew });
  }

  #wait(): void {
    this.#after(jitter(this.#random, this.#intervalMs, announceTimings.jitterFraction), true);
  }

  #after(ms: number, anew: boolean): void {
    this.#timer?.cancel();
    if (!this.#closed) this.#timer = this.#clock.after(ms, () => this.#now(anew));
  }
}
