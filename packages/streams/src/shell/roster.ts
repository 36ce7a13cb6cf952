import type { PeerInfo } from "@mosaik/discovery";
import { type Condition, condition, type Log, WatchSource } from "@mosaik/primitives";
import { checkCount, isMet } from "../core/subscription-count.ts";
import type { SubscriptionCount } from "../streams.ts";
import { guarded } from "./environment.ts";

/** The conditions that producers and consumers offer. */
export interface RosterConditions {
  online(options?: { readonly signal?: AbortSignal }): Condition;
  offline(options?: { readonly signal?: AbortSignal }): Condition;
  subscribed(options?: SubscriptionCount & { readonly signal?: AbortSignal }): Condition;
  unsubscribed(options?: { readonly signal?: AbortSignal }): Condition;
}

/** Who is at the other ends of a producer's or consumer's subscriptions, and what follows from it. */
export class Roster {
  readonly when: RosterConditions;
  readonly #onlineWhen: SubscriptionCount;
  readonly #peers = new WatchSource<readonly PeerInfo[]>([]);
  readonly #online: WatchSource<boolean>;
  #closed = false;

  constructor(onlineWhen: SubscriptionCount, log: Log) {
    this.#onlineWhen = guardedCount(onlineWhen, log);
    this.#online = new WatchSource(isMet(this.#onlineWhen, []));
    this.when = {
      online: (options) => condition(this.#online, (online) => online, options),
      offline: (options) => condition(this.#online, (online) => !online, options),
      subscribed: (options = {}) => {
        checkCount(options);
        const wanted = guardedCount(options, log);
        return condition(this.#peers, (peers) => isMet(wanted, peers), options);
      },
      unsubscribed: (options) => condition(this.#peers, (peers) => peers.length === 0, options),
    };
  }

  /** Whether the online condition holds. */
  get online(): boolean {
    return this.#online.value;
  }

  /** Takes who is there now, one a subscription, as known now. */
  set(peers: readonly PeerInfo[]): void {
    if (peers.length === 0 && this.#peers.value.length === 0) return;
    this.#online.set(!this.#closed && isMet(this.#onlineWhen, peers));
    this.#peers.set(peers);
  }

  /** Goes offline for good. */
  close(): void {
    this.#closed = true;
    this.#online.set(false);
  }
}

function guardedCount(count: SubscriptionCount, log: Log): SubscriptionCount {
  return count.where === undefined ? count : { ...count, where: guarded(count.where, log) };
}
