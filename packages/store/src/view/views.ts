import type { LogStorage } from "@mosaik/groups";
import type { Condition } from "@mosaik/primitives";
import type { PeerPredicate } from "@mosaik/streams";
import type { Service } from "@mosaik/transport";
import type { Position } from "../replay/core/position.ts";
import type { KeyRange } from "../sorted-tree.ts";
import type { ViewDefinition } from "./define-view.ts";

/** What changed in a view, several changes of an entry as one. */
export interface ViewChange<Value> {
  /** The version that it has with these changes. */
  readonly version: Position;
  /** The entries that changed, as they are now; `undefined`: gone. */
  readonly changed: ReadonlyMap<string, Value | undefined>;
  /**
   * Whether more may have changed than is said: the view jumped, or whoever watches was too slow.
   * Read everything again.
   */
  readonly isResync: boolean;
}

/** A materialised view: entries by key, readable at once, on the node itself. */
export interface View<Value> {
  /** Which items are in it: for each producer, the place of the next one. */
  readonly version: Position;
  /** Items that are known to be missing in it, because nobody had them when it was folded. */
  readonly missed: number;
  /**
   * Whether items are known to be missing: it may differ from others of the same version. A fold that
   * is partial goes on looking for a node that serves a better one, and for keepers that come.
   */
  readonly partial: boolean;
  /** How many entries there are. */
  readonly size: number;
  /** An entry. Default: the one of a view without `key`. */
  get(key?: string): Value | undefined;
  has(key: string): boolean;
  /** The entries as they are at the call, sorted by key. */
  entries(range?: KeyRange<string>): IterableIterator<[string, Value]>;
  /** A digest of all entries: equal where they are. It takes time for each entry. */
  hash(): string;
  readonly when: {
    /** Holds once there is a state: what is kept was folded, or a server sent its state. */
    ready(options?: { readonly signal?: AbortSignal }): Condition;
    /** Holds while there is a state in which no item is known to be missing. */
    complete(options?: { readonly signal?: AbortSignal }): Condition;
    /** Holds once every item before a version is in. */
    reaches(version: Position, options?: { readonly signal?: AbortSignal }): Condition;
  };
  /**
   * What changes from now on, in order. Bounded: whoever is slow gets several changes as one. Ends when
   * the view is closed or `signal` aborts.
   */
  watch(options?: { readonly signal?: AbortSignal }): AsyncIterable<ViewChange<Value>>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How to fold a view. */
export interface FoldOptions {
  /**
   * Whether nodes that do not fold it may have it from this one. Default: yes, everybody. It also
   * spares nodes that begin to fold it the beginning.
   */
  readonly serve?: boolean | PeerPredicate;
  /**
   * Whether to begin with the state of a node that serves it, where there is one: of any, or of those
   * that are believed. They are also who is asked where items are missing. Default: yes, of any.
   */
  readonly fromSnapshot?: boolean | PeerPredicate;
  /**
   * Where the state is saved, some seconds after it changed and when the view is closed: the next fold of
   * the same definition goes on from there. Where it cannot be read or written, the node's log says so, and
   * the view is folded without. Default: nowhere.
   */
  readonly storage?: LogStorage;
  /** Which producers to fold. Default: all, this node itself too. */
  readonly producers?: PeerPredicate;
}

/** How to read a view that others fold. */
export interface ViewReadOptions {
  /** Which servers to believe. Default: all. */
  readonly servers?: PeerPredicate;
}

/** The views service of a node. */
export interface Views extends Service {
  /**
   * Folds a view here, from the state that another node serves or from the start of what is kept.
   *
   * @throws StoreError with `STORE_VIEW_EXISTS` where it is folded here already, or `STORE_CLOSED`.
   */
  fold<Item, Value>(definition: ViewDefinition<Item, Value>, options?: FoldOptions): View<Value>;
  /**
   * Reads a view that other nodes fold and serve, without consuming its stream: its whole state, then
   * what changes. Where a server is lost, another one is taken.
   *
   * @throws StoreError with `STORE_CLOSED`.
   */
  read<Item, Value>(
    definition: ViewDefinition<Item, Value>,
    options?: ViewReadOptions,
  ): View<Value>;
}
