import { jitter, type PeerId, type Timer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { bootstrapLimits } from "../config.ts";
import { backoffMs } from "../core/backoff.ts";

/** An address to begin from. */
interface Contact {
  readonly address: string;
  /** Whether the user gave it: then it is tried for ever. */
  readonly isSeed: boolean;
  /** Who was there last. */
  peer: PeerId | undefined;
  failures: number;
  isDialling: boolean;
  /** Not before this, monotonic milliseconds. */
  nextAtMs: number;
}

/** What bootstrap needs of the rest of the service. */
export interface BootstrapListener {
  /** Somebody answered at an address. */
  reached(peer: PeerId): void;
  /** Whether a peer is in the catalog. */
  isKnown(peer: PeerId): boolean;
}

/**
 * Finds the first peers: dials the seeds, and the addresses that turn up by themselves, until who is
 * there is in the catalog, and again whenever that is no longer so. Never gives up on a seed: this is
 * also how two halves of a network find each other again.
 */
export class Bootstrap {
  readonly #context: ServiceContext;
  readonly #listener: BootstrapListener;
  readonly #contacts = new Map<string, Contact>();
  readonly #discovered: Disposable;
  #timer: Timer | undefined;
  #closed = false;

  constructor(context: ServiceContext, listener: BootstrapListener) {
    this.#context = context;
    this.#listener = listener;
    for (const seed of context.seeds) this.#add(seed, true);
    this.#discovered = context.onDiscovered((addresses) => {
      for (const address of addresses) this.#add(address, false);
      this.#review();
    });
    context.clock.soon(() => this.#tick());
  }

  /** Ends it. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#discovered[Symbol.dispose]();
    this.#contacts.clear();
  }

  #tick(): void {
    if (this.#closed) return;
    this.#review();
    const { clock, random } = this.#context;
    const pauseMs = jitter(random, bootstrapLimits.reviewMs, 0.5);
    this.#timer = clock.after(pauseMs, () => this.#tick());
  }

  #add(address: string, isSeed: boolean): void {
    const known = this.#contacts.get(address);
    if (known !== undefined) {
      if (!known.isSeed) known.nextAtMs = 0; // it shows itself again: worth a try at once
      return;
    }
    const found = [...this.#contacts.values()].filter((contact) => !contact.isSeed);
    const [oldest] = found;
    if (!isSeed && found.length >= bootstrapLimits.discoveredMax && oldest !== undefined) {
      this.#contacts.delete(oldest.address);
    }
    this.#contacts.set(address, {
      address,
      isSeed,
      peer: undefined,
      failures: 0,
      isDialling: false,
      nextAtMs: 0,
    });
  }

  /** Dials every contact behind which nobody is known, where its time has come. */
  #review(): void {
    const nowMs = this.#context.clock.monotonic();
    for (const contact of this.#contacts.values()) {
      if (contact.peer !== undefined && this.#listener.isKnown(contact.peer)) contact.failures = 0;
      else if (!contact.isDialling && contact.nextAtMs <= nowMs) void this.#dial(contact);
    }
  }

  async #dial(contact: Contact): Promise<void> {
    const { clock, random, log } = this.#context;
    const { address } = contact;
    const deadline = new AbortController();
    const timer = clock.after(bootstrapLimits.dialTimeoutMs, () => deadline.abort());
    contact.isDialling = true;
    try {
      const peer = await this.#context.connect(address, { signal: deadline.signal });
      if (this.#closed) return;
      if (peer === this.#context.peer) {
        this.#contacts.delete(address);
        return;
      }
      contact.peer = peer;
      this.#listener.reached(peer);
    } catch (error) {
      const level = contact.isSeed && contact.failures === 0 ? "info" : "debug";
      log[level]("nobody answered at an address to begin from", { address, error });
    } finally {
      timer.cancel();
      contact.isDialling = false;
      contact.failures += 1; // until who is there is in the catalog
      const limits = { firstMs: bootstrapLimits.retryMs, maxMs: bootstrapLimits.retryMaxMs };
      const pauseMs = backoffMs(contact.failures, limits, random);
      contact.nextAtMs = clock.monotonic() + pauseMs;
      const isHopeless = contact.failures >= bootstrapLimits.discoveredAttemptsMax;
      if (!contact.isSeed && isHopeless) this.#contacts.delete(address);
    }
  }
}
