import type { PeerInfo } from "@mosaik/discovery";
import type { Condition, PeerId, StreamId } from "@mosaik/primitives";
import type { Service } from "@mosaik/transport";
import type { StreamDefinition, StreamIdentity } from "./define-stream.ts";
import type { RunConsumer, RunOptions } from "./runs.ts";

/** Whether a peer will do. Asked again whenever what is known of the peer changes. */
export type PeerPredicate = (peer: PeerInfo) => boolean;

/** Which subscriptions count, and how many there must be. */
export interface SubscriptionCount {
  /** How many. Default: 1. */
  readonly atLeast?: number;
  /** Only peers that have all of these. */
  readonly tags?: readonly string[];
  /** Only peers that this accepts. */
  readonly where?: PeerPredicate;
}

/** How far a consumer may fall behind, and what happens then. */
export interface LagOptions {
  /**
   * What happens to a consumer whose queue is full. `disconnect`: where others keep up, it is dropped
   * with `too-slow` and may come back; where none does, the producer waits, and those that take
   * nothing for a second are dropped. `drop-oldest`: its oldest items go, and it is told exactly how
   * many. `wait`: the producer waits for it, and with it everybody. Default: `disconnect`.
   */
  readonly policy?: "disconnect" | "drop-oldest" | "wait";
  /** Items that may wait for one consumer at the producer. Default: 65,536. */
  readonly itemsMax?: number;
  /** Bytes that may wait for one consumer at the producer. Default: 8 MiB. */
  readonly bytesMax?: number;
}

/** How to produce. */
export interface ProduceOptions {
  /** Which consumers may subscribe. Default: all. */
  readonly accept?: PeerPredicate;
  /** More than these are refused with `no-capacity`. Default: 1,024. */
  readonly maxConsumers?: number;
  /** When the producer is online. Default: with one consumer. */
  readonly onlineWhen?: SubscriptionCount;
  readonly lag?: LagOptions;
}

/** How to consume. */
export interface ConsumeOptions {
  /** Which producers to subscribe to. Default: all. */
  readonly from?: PeerPredicate;
  /** When the consumer is online. Default: at once, with no producer. */
  readonly onlineWhen?: SubscriptionCount;
  /**
   * Bytes that one producer may have on the way to, or waiting in, this consumer: what bounds its
   * memory. Each item counts 32 bytes more than it has. Default: 4 MiB.
   */
  readonly windowBytes?: number;
}

/** One side's view of a subscription. The figures are those of the other side, once all has arrived. */
export interface Subscription {
  readonly stream: StreamId;
  /** Who is at the other end. */
  readonly peer: PeerId;
  /** Items sent (producer) or received (consumer), gaps not counted. */
  readonly items: number;
  /** Bytes of the items as encoded, without framing. */
  readonly bytes: number;
  /** Items that the lag policy dropped. */
  readonly dropped: number;
  /** Milliseconds since it was established. */
  readonly uptimeMs: number;
}

/** Why a subscription was refused or ended. */
export type StreamReason =
  /** The peer does not produce the stream (any more). */
  | "not-found"
  /** Its predicate does not accept us. */
  | "not-allowed"
  /** It has as many consumers as it takes. */
  | "no-capacity"
  /** We fell further behind than it waits for. */
  | "too-slow"
  /** Codec, schema or version differ, or an item did not fit the schema. */
  | "incompatible";

/** What became of one `trySend`. */
export type SendOutcome = "sent" | "full" | "offline" | "closed";

/** The sending side of a stream. */
export interface Producer<Item> {
  readonly definition: StreamDefinition<Item>;
  /** Whether its online condition holds. */
  readonly online: boolean;
  /**
   * Which run of the producer this is (another one each time that the node begins to produce, greater
   * each time), and how many items it has sent: the number of the next one.
   */
  readonly position: { readonly incarnation: string; readonly sequence: number };
  /** Its consumers now. */
  readonly consumers: readonly Subscription[];
  readonly when: {
    online(options?: { readonly signal?: AbortSignal }): Condition;
    offline(options?: { readonly signal?: AbortSignal }): Condition;
    /**
     * Holds while there are that many matching consumers.
     *
     * @throws `RangeError` where `atLeast` is not a whole number.
     */
    subscribed(options?: SubscriptionCount & { readonly signal?: AbortSignal }): Condition;
    /** Holds while there is no consumer. */
    unsubscribed(options?: { readonly signal?: AbortSignal }): Condition;
  };
  /**
   * Queues an item for every consumer there is; waits until the producer is online and there is
   * room. In order; at most once a consumer. Resolves when the item is queued, not when it arrived.
   *
   * @throws StreamError with `STREAM_CLOSED` (the item in `data.item`), `STREAM_ITEM_INVALID`,
   * `STREAM_ITEM_TOO_LARGE`, or `STREAM_FULL` where 65,536 sends wait already; the reason of
   * `signal` when it aborts.
   */
  send(item: Item, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Queues an item if that can be done at once, and says what became of it: anything but `sent`
   * leaves it with the caller. `full`: there is no room at any consumer (`disconnect`) or not at
   * every one (`wait`), other sends wait already, or this turn of the event loop has brought 32,768
   * items or 4 MiB. The fast path: no promise.
   *
   * @throws StreamError with `STREAM_ITEM_INVALID` or `STREAM_ITEM_TOO_LARGE`.
   */
  trySend(item: Item): SendOutcome;
  /** Waits until everything sent so far has left for the network, or its consumer is gone. */
  flush(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Takes no more items, withdraws the offer, sends what is queued and waits until the consumers have
   * received it, two seconds at most (`closeDeadlineMs`). Idempotent.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Something that reached a consumer. */
export type Delivery<Item> =
  | {
      readonly kind: "item";
      readonly item: Item;
      readonly producer: PeerId;
      /** Counts the producer's items since it began to produce, from 0. */
      readonly sequence: number;
    }
  /**
   * Items of the producer that this consumer will not get. `count` is exact; it is `undefined` where
   * the producer itself restarted, so that nobody knows.
   */
  | { readonly kind: "gap"; readonly count: number | undefined; readonly producer: PeerId };

/** The receiving side of a stream. Iterating is reading: `break` lets go, `close()` ends. */
export interface Consumer<Item> extends AsyncIterable<Item> {
  readonly definition: StreamDefinition<Item>;
  /** Whether its online condition holds. */
  readonly online: boolean;
  /** Its producers now. */
  readonly producers: readonly Subscription[];
  /** Totals over all producers there ever were; `gaps` counts the items known to be lost. */
  readonly stats: { readonly items: number; readonly bytes: number; readonly gaps: number };
  /** Producers in the catalog that it is not subscribed to, and why. */
  readonly refusals: ReadonlyMap<PeerId, StreamReason | "unreachable" | "not-wanted">;
  readonly when: {
    online(options?: { readonly signal?: AbortSignal }): Condition;
    offline(options?: { readonly signal?: AbortSignal }): Condition;
    /**
     * Holds while there are that many matching producers.
     *
     * @throws `RangeError` where `atLeast` is not a whole number.
     */
    subscribed(options?: SubscriptionCount & { readonly signal?: AbortSignal }): Condition;
    /** Holds while there is no producer. */
    unsubscribed(options?: { readonly signal?: AbortSignal }): Condition;
  };
  /** Takes the next item if one has arrived. */
  tryReceive(): Item | undefined;
  /**
   * Waits for the next item; `undefined` once the consumer is closed and empty. An abort loses
   * nothing: the item stays for the next call.
   *
   * @throws the reason of `signal` when it aborts.
   */
  receive(options?: { readonly signal?: AbortSignal }): Promise<Item | undefined>;
  /** Items with their origin, and gaps, in the order of arrival. */
  deliveries(): AsyncIterable<Delivery<Item>>;
  /** Items in lots of what has arrived, at most `max` (1,024) each: the fast path. */
  batches(options?: { readonly max?: number }): AsyncIterable<readonly Item[]>;
  /** Unsubscribes everywhere, withdraws the offer, ends the iterations. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The streams service of a node. */
export interface Streams extends Service {
  /**
   * Begins to produce a stream.
   *
   * @throws StreamError with `STREAM_EXISTS` where the node produces it already; `data.producer` is
   * that producer; `STREAM_CLOSED` where the service is closed. `RangeError` where an option is out
   * of range.
   */
  produce<Item>(definition: StreamDefinition<Item>, options?: ProduceOptions): Producer<Item>;
  /**
   * Begins to consume a stream: finds its producers and subscribes to them, again whenever one is
   * lost. Each consumer has its own copy of all items.
   *
   * @throws StreamError with `STREAM_CLOSED` where the service is closed. `RangeError` where an option
   * is out of range.
   */
  consume<Item>(definition: StreamDefinition<Item>, options?: ConsumeOptions): Consumer<Item>;
  /**
   * Consumes encoded items, this node's own too if told so: for services that keep items, or pass them
   * on.
   *
   * @throws StreamError with `STREAM_CLOSED` where the service is closed. `RangeError` where an option
   * is out of range.
   */
  consumeRuns(definition: StreamIdentity, options: RunOptions): RunConsumer;
}
