import { TransportError, type TransportFactory } from "mosaik";
import { PartitionedTransport } from "./partitioned-transport.ts";

/**
 * Cuts a node off from the network, as a cable that is pulled would: nothing arrives, nothing
 * leaves, nobody is told. What was on its way is held and flows when the cut heals, in order.
 */
export class Partition {
  #cut = false;
  #held: (() => void)[] = [];
  #healed: (() => void)[] = [];

  /** A transport that this switch cuts. */
  wrap(factory: TransportFactory): TransportFactory {
    return async (context) => new PartitionedTransport(await factory(context), this);
  }

  /** Whether the node is cut off. */
  get active(): boolean {
    return this.#cut;
  }

  /** Cuts. */
  cut(): void {
    this.#cut = true;
  }

  /** Heals: what was held happens now, in the order in which it was held. */
  heal(): void {
    this.#cut = false;
    for (const event of this.#held.splice(0)) event();
    for (const healed of this.#healed.splice(0)) healed();
  }

  /** Lets something cross the line: at once, or when the cut heals. */
  pass(event: () => void): void {
    if (this.#cut) this.#held.push(event);
    else event();
  }

  /**
   * Waits until the node is not cut off.
   *
   * @throws the reason of `signal` when it aborts.
   */
  whole(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (!this.#cut) return resolve();
      this.#healed.push(resolve);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  /**
   * Refuses while the node is cut off.
   *
   * @throws TransportError with `NETWORK_UNREACHABLE`.
   */
  check(): void {
    if (!this.#cut) return;
    throw new TransportError("NETWORK_UNREACHABLE", "the node is cut off", { retryable: true });
  }
}
