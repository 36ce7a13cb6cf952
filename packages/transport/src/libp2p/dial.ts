import type { Clock, Timer } from "@mosaik/primitives";
import { dialAddressTimeoutMs, dialStaggerMs } from "./config.ts";
import { type DialFailure, dialReason, unreachable } from "./failures.ts";

/** How addresses are tried. */
export interface DialPlan<Won> {
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Tries one address; gives up when the signal aborts. */
  readonly attempt: (address: string, signal: AbortSignal) => Promise<Won>;
  /** Told of what was won after another address had won, or after nobody wanted it any more. */
  readonly discard: (late: Won) => void;
}

/**
 * Tries addresses in their order, a new one whenever one has failed or `dialStaggerMs` have passed
 * (as RFC 8305 does). The first that answers wins; the others are given up.
 *
 * @throws TransportError with `NETWORK_UNREACHABLE`; the reason of the signal when it aborts.
 */
export function dialFirst<Won>(plan: DialPlan<Won>): Promise<Won> {
  return new Promise((resolve, reject) => new Dialling(plan, resolve, reject).start());
}

class Dialling<Won> {
  readonly #plan: DialPlan<Won>;
  readonly #resolve: (won: Won) => void;
  readonly #reject: (error: unknown) => void;
  readonly #failures: DialFailure[] = [];
  readonly #running = new Set<AbortController>();
  #next = 0;
  #stagger: Timer | undefined;
  #over = false;

  constructor(plan: DialPlan<Won>, resolve: (won: Won) => void, reject: (e: unknown) => void) {
    this.#plan = plan;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { signal } = this.#plan;
    if (signal.aborted) return this.#finish(() => this.#reject(signal.reason));
    signal.addEventListener("abort", this.#aborted);
    this.#tryNext();
  }

  readonly #aborted = (): void => this.#finish(() => this.#reject(this.#plan.signal.reason));

  #tryNext(): void {
    this.#stagger?.cancel();
    const address = this.#plan.addresses[this.#next];
    if (address === undefined) {
      if (this.#running.size === 0) this.#finish(() => this.#reject(unreachable(this.#failures)));
      return;
    }
    this.#next += 1;
    this.#stagger = this.#plan.clock.after(dialStaggerMs, () => this.#tryNext());
    void this.#try(address);
  }

  async #try(address: string): Promise<void> {
    const given = new AbortController();
    this.#running.add(given);
    const slow = this.#plan.clock.after(dialAddressTimeoutMs, () => given.abort());
    try {
      const won = await this.#plan.attempt(address, given.signal);
      this.#running.delete(given); // a signal that aborts later would end what was won
      if (this.#over) this.#plan.discard(won);
      else this.#finish(() => this.#resolve(won));
    } catch (error) {
      const reason = given.signal.aborted ? "no answer in time" : dialReason(error);
      this.#failures.push({ address, reason });
    } finally {
      slow.cancel();
      this.#running.delete(given);
    }
    if (!this.#over) this.#tryNext();
  }

  #finish(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#stagger?.cancel();
    this.#plan.signal.removeEventListener("abort", this.#aborted);
    for (const given of this.#running) given.abort();
    settle();
  }
}
