import type { Condition, PeerId, Watch } from "@mosaik/primitives";
import type { PeerPredicate, Producer, StreamDefinition, StreamIdentity } from "@mosaik/streams";
import type { Service } from "@mosaik/transport";
import type { BlockStorage } from "./block-storage.ts";
import type { Position } from "./core/position.ts";
import type { ReplayDelivery } from "./core/replay-inbox.ts";

/** Which history of a stream a node keeps, and how. */
export interface KeepOptions {
  /**
   * Whose items: `own` (what this node produces), `all`, or those of the producers that it accepts.
   * Default: `all`, its own among them.
   */
  readonly producers?: "own" | "all" | PeerPredicate;
  /** At most so many items. Default: 1,000,000. */
  readonly items?: number;
  /** At most so many bytes, 4 an item more than it has. Default: 64 MiB. */
  readonly bytes?: number;
  /** Nothing older, milliseconds since it was first kept; within a second. Default: any age. */
  readonly ageMs?: number;
  /** Where. Default: in memory. */
  readonly storage?: BlockStorage;
  /** Who may read it. Default: everybody. */
  readonly accept?: PeerPredicate;
  /** Whether to take from other keepers what this one missed. Default: yes. */
  readonly backfills?: boolean;
}

/** What a keeper has, and how it is. */
export interface KeeperStatus {
  readonly state: "keeping" | "failed" | "closed";
  readonly items: number;
  readonly bytes: number;
  /** What happens to kept items when the process ends. */
  readonly durability: "memory" | "fsync";
  /** Blocks that were found changed on disk; none of them was served. */
  readonly damagedBlocks: number;
  /** Why it failed. */
  readonly error: unknown;
}

/** A node's history of a stream. It is offered in the catalog, and served to whoever may read it. */
export interface Keeper {
  readonly stream: StreamIdentity;
  readonly status: Watch<KeeperStatus>;
  /** What it kept so far: for each producer, the place of the next item. */
  readonly position: Position;
  readonly when: {
    /** Holds once everything before a position is kept, or known to be lost. */
    reaches(position: Position, options?: { readonly signal?: AbortSignal }): Condition;
  };
  /** Waits until what is kept so far is stored. */
  flush(): Promise<void>;
  /** Stops keeping and serving; stores what is not stored yet. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Where to begin; what is kept no more from there on is a gap. `start`: at the first item · `latest`:
 * at what is sent from now on · `greeting`: with what each producer gives a newcomer first, then on
 * from there · `offset`: at that item of each producer's latest run · `sinceMs`: at what was first kept
 * at that wall-clock time, up to a second before · `last`: so many items of each producer before now ·
 * `position`: where a reader was before.
 *
 * With `sinceMs` a gap may begin with items that are older, and never leaves out one that is not: what
 * is gone is told from the last item on that a keeper knows to be older. It knows that of what it has
 * dropped itself since it was started, to an eighth of the gap; of what was sent before it came, it
 * knows nothing.
 */
export type ReplayFrom =
  | "start"
  | "latest"
  | "greeting"
  | { readonly offset: number }
  | { readonly sinceMs: number }
  | { readonly last: number }
  | { readonly position: Position };

/** How to read a stream and its history. */
export interface ReplayOptions {
  /** Where to begin. Default: `start`. */
  readonly from?: ReplayFrom;
  /** Which producers of the catalog. Those that are gone are read where all are wanted. Default: all. */
  readonly producers?: PeerPredicate;
  /** Which keepers to believe: they speak for the producers. Default: all. */
  readonly keepers?: PeerPredicate;
  /** Whether what this node produces belongs to it. Default: no. */
  readonly own?: boolean;
  /**
   * How long keepers are waited for that do not answer, or have not got what is missing yet, before
   * it is told as a gap, milliseconds. Default: 2,000.
   */
  readonly patienceMs?: number;
  /** Bytes on the way from each producer and each keeper. Default: 4 MiB. */
  readonly windowBytes?: number;
}

/** A reader of a stream and its history. Iterating is reading: `break` lets go, `close()` ends. */
export interface Replay<Item> extends AsyncIterable<Item> {
  readonly definition: StreamDefinition<Item>;
  /** For each producer, the place of the first item that was not taken: to go on from there later. */
  readonly position: Position;
  /** Items that are known to have been sent and were not taken yet. */
  readonly lag: number;
  /** Totals; `gaps` counts the items known to be missing. `replayed`: those that keepers gave. */
  readonly stats: {
    readonly items: number;
    readonly replayed: number;
    readonly gaps: number;
  };
  readonly when: {
    /** Holds while all that is known to have been sent was handed over, and every producer is live. */
    live(options?: { readonly signal?: AbortSignal }): Condition;
  };
  /** Takes the next item if one is there. */
  tryReceive(): Item | undefined;
  /**
   * Waits for the next item; `undefined` once it is closed and empty.
   *
   * @throws the reason of `signal` when it aborts.
   */
  receive(options?: { readonly signal?: AbortSignal }): Promise<Item | undefined>;
  /** Items with their origin, greetings, and gaps. */
  deliveries(): AsyncIterable<ReplayDelivery<Item>>;
  /** Items in lots of what is there, at most `max` (1,024) each: the fast path. */
  batches(options?: { readonly max?: number }): AsyncIterable<readonly Item[]>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a producer gives a newcomer before everything else. Called once for each, at its place. */
export type Greeting<Item> = (newcomer: PeerId) => Iterable<Item>;

/** The replay service of a node. */
export interface Replays extends Service {
  /**
   * Begins to keep a stream's history, and to serve it. What other keepers have of it is taken over,
   * as far as it is kept here.
   *
   * @throws StoreError with `STORE_KEEPER_EXISTS` where the node keeps it already, `STORE_CLOSED`,
   * `STORE_HISTORY_LOCKED`, `STORE_HISTORY_FAILED`; `RangeError` where an option is out of range.
   */
  keep(stream: StreamIdentity, options?: KeepOptions): Promise<Keeper>;
  /**
   * Reads a stream from a place in its history, then on, live: no gap that is not told, nothing twice.
   *
   * @throws StoreError with `STORE_CLOSED`; `RangeError` where an option is out of range.
   */
  consume<Item>(definition: StreamDefinition<Item>, options?: ReplayOptions): Replay<Item>;
  /**
   * Decides what readers get first that begin with `greeting`: mostly a snapshot of what the items so
   * far amount to. It stands for all items that the producer has sent when it is called, so it must be
   * of that moment; it may be read later, and slowly. Disposing of it takes it back.
   *
   * @throws StoreError with `STORE_GREETING_EXISTS`, `STORE_CLOSED`.
   */
  greet<Item>(producer: Producer<Item>, greeting: Greeting<Item>): Disposable;
}
