import type { Clock, Timer } from "@mosaik/primitives";
import { stallMs } from "../config.ts";
import type { SubscriberLink } from "./subscriber-link.ts";

/** Finds out which consumers of a producer take nothing at all while it waits for them. */
export class StallWatch {
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Tells, once, which of the consumers took nothing from now on for as long as consumers may.
   * Does nothing where that is being found out already.
   */
  start(subscribers: Iterable<SubscriberLink>, stalled: (those: SubscriberLink[]) => void): void {
    if (this.#timer !== undefined) return;
    const positions = [...subscribers].map(
      (subscriber) => [subscriber, subscriber.queue.position] as const,
    );
    this.#timer = this.#clock.after(stallMs, () => {
      this.#timer = undefined;
      const those = positions.filter(([{ queue }, before]) => queue.position === before);
      stalled(those.map(([subscriber]) => subscriber));
    });
  }

  /** Nobody needs to know any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
