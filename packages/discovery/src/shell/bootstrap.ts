import type { PeerId, Timer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { bootstrapLimits } from "../config.ts";
import { backoffMs } from "../core/backoff.ts";

/** A place to begin from. */
interface Contact {
  /** Where one peer may be; tried in turn. */
  readonly addresses: readonly string[];
  /** Whether the user gave it: then it is tried for ever. */
  readonly isSeed: boolean;
  /** Who was there last. */
  peer: PeerId | undefined;
  /** Dials since who is there was in the catalog. */
  attempts: number;
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
  /** Whether the peer that turned up at these addresses is the local one, or in the catalog. */
  areKnown(addresses: readonly string[]): boolean;
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
    for (const seed of context.seeds) this.#add([seed], true);
    this.#discovered = context.onDiscovered((addresses) => {
      this.#add(addresses, false);
      this.#review();
    });
    context.clock.soon(() => this.#review());
  }

  /** Ends it. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#discovered[Symbol.dispose]();
    this.#contacts.clear();
  }

  #add(addresses: readonly string[], isSeed: boolean): void {
    const key = addresses.join(" ");
    if (addresses.length === 0 || this.#contacts.has(key)) return;
    const found = [...this.#contacts].filter(([, contact]) => !contact.isSeed);
    const [oldest] = found;
    if (!isSeed && found.length >= bootstrapLimits.discoveredMax && oldest !== undefined) {
      this.#contacts.delete(oldest[0]);
    }
    const unknown = { peer: undefined, attempts: 0, isDialling: false, nextAtMs: 0 };
    this.#contacts.set(key, { addresses, isSeed, ...unknown });
  }

  /** Dials every contact behind which nobody is known, where its time has come. */
  #review(): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    const nowMs = this.#context.clock.monotonic();
    let pauseMs: number = bootstrapLimits.reviewMs;
    for (const [key, contact] of this.#contacts) {
      if (contact.isDialling) continue;
      if (contact.nextAtMs <= nowMs) this.#look(key, contact, nowMs);
      else pauseMs = Math.min(pauseMs, contact.nextAtMs - nowMs);
    }
    if (this.#contacts.size === 0) return;
    this.#timer = this.#context.clock.after(pauseMs, () => this.#review());
  }

  #look(key: string, contact: Contact, nowMs: number): void {
    const { peer, addresses, isSeed } = contact;
    const isKnown =
      peer === undefined
        ? !isSeed && this.#listener.areKnown(addresses)
        : peer === this.#context.peer || this.#listener.isKnown(peer);
    if (isKnown) {
      contact.attempts = 0;
      contact.nextAtMs = nowMs + bootstrapLimits.reviewMs;
    } else if (!isSeed && contact.attempts >= bootstrapLimits.discoveredAttemptsMax) {
      this.#contacts.delete(key);
    } else void this.#dial(contact);
  }

  async #dial(contact: Contact): Promise<void> {
    const { clock, random } = this.#context;
    contact.isDialling = true;
    contact.attempts += 1;
    const peer = await this.#connect(contact);
    contact.isDialling = false;
    const limits = { firstMs: bootstrapLimits.retryMs, maxMs: bootstrapLimits.retryMaxMs };
    contact.nextAtMs = clock.monotonic() + backoffMs(contact.attempts, limits, random);
    if (this.#closed) return;
    if (peer !== undefined) contact.peer = peer;
    if (peer !== undefined && peer !== this.#context.peer) this.#listener.reached(peer);
    this.#review();
  }

  /** Who answers at the first address of a contact where somebody does. */
  async #connect(contact: Contact): Promise<PeerId | undefined> {
    const { clock, log } = this.#context;
    const deadline = new AbortController();
    const timer = clock.after(bootstrapLimits.dialTimeoutMs, () => deadline.abort());
    try {
      for (const address of contact.addresses) {
        try {
          return await this.#context.connect(address, { signal: deadline.signal });
        } catch (error) {
          const level = contact.isSeed && contact.attempts === 1 ? "info" : "debug";
          log[level]("nobody answered at an address to begin from", { address, error });
        }
      }
      return undefined;
    } finally {
      timer.cancel();
    }
  }
}
