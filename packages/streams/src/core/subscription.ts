import { jitter, type Random } from "@mosaik/primitives";
import type { RetryOptions } from "../config.ts";
import type { StreamReason } from "../streams.ts";

/** Why a consumer is not subscribed to a producer. */
export type Refusal = StreamReason | "unreachable" | "not-wanted";

/** Where a consumer stands with one producer. */
export type SubscriptionState =
  | { readonly state: "idle" }
  | { readonly state: "trying" }
  | { readonly state: "subscribed"; readonly since: number }
  /** Tried again at `until` (monotonic milliseconds), or as soon as the producer's entry changes. */
  | { readonly state: "waiting"; readonly until: number; readonly reason: Refusal };

/**
 * When a consumer tries to subscribe to one producer, and when it leaves it alone.
 *
 * Invariants:
 * 1. At most one attempt or subscription at a time: none is due while there is one.
 * 2. Waits grow from attempt to attempt up to a limit, and shrink only after a subscription that held.
 * 3. What only a change at either end can lift (`not-allowed`, `not-wanted`, `incompatible`) is tried
 *    again at once after one that is seen, and rarely otherwise: not every change can be seen.
 */
export class SubscriptionMachine {
  readonly #retry: RetryOptions;
  readonly #random: Random;
  #state: SubscriptionState = { state: "idle" };
  #attempts = 0;

  constructor(retry: RetryOptions, random: Random) {
    this.#retry = retry;
    this.#random = random;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  /**
   * Whether to try now, the producer being wanted. `fresh`: what it says of itself changed since it
   * was asked last.
   */
  due(now: number, fresh: boolean): boolean {
    const state = this.#state;
    return state.state === "idle" || (state.state === "waiting" && (fresh || now >= state.until));
  }

  /** An attempt begins. */
  begin(): void {
    this.#state = { state: "trying" };
  }

  /** The producer offers the stream no more: a subscription lives on, but is not tried again. */
  withdrawn(): void {
    if (this.#state.state !== "waiting") return;
    this.#state = { state: "idle" };
    this.#attempts = 0;
  }

  /** The attempt succeeded. */
  accepted(now: number): void {
    this.#state = { state: "subscribed", since: now };
  }

  /** The attempt failed, or the subscription ended. */
  ended(now: number, reason: Refusal): void {
    const state = this.#state;
    const held = state.state === "subscribed" ? now - state.since : -1;
    if (held >= this.#retry.settledMs) this.#attempts = 0;
    const until = now + this.#wait(reason, held >= 0);
    this.#state = { state: "waiting", until, reason };
  }

  #wait(reason: Refusal, wasSubscribed: boolean): number {
    const { firstMs, factor, longestMs, afterLossMs, refusedMs } = this.#retry;
    if (reason === "not-allowed" || reason === "not-wanted" || reason === "incompatible") {
      return this.#jittered(refusedMs);
    }
    const attempt = this.#attempts++;
    if (attempt === 0 && wasSubscribed && reason === "unreachable") {
      return afterLossMs * this.#random.next();
    }
    // The exponent is bounded, so that the power is: after that many attempts the limit holds anyway.
    return this.#jittered(Math.min(longestMs, firstMs * factor ** Math.min(attempt, 64)));
  }

  #jittered(ms: number): number {
    return jitter(this.#random, ms, this.#retry.jitter);
  }
}
