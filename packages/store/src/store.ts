import type { GroupMember } from "@mosaik/groups";
import type { Condition, GroupId, Watch } from "@mosaik/primitives";

/**
 * What a store's writers keep of it. `fsync`: a change is on the disks of a majority before it is
 * acknowledged, and is there after a restart of all. `memory`: it lives as long as a majority of the
 * writers runs.
 */
export type Durability = "fsync" | "memory";

/** What became of a change that was asked for, once it is committed and applied here. */
export interface Outcome<Previous> {
  /** Whether it changed what it was meant to: the key was there, the comparison held. */
  readonly applied: boolean;
  /** What was there before, where there was something: a copy. */
  readonly previous: Previous | undefined;
  /** The version of the store that has the change: comparable, the same on every member. */
  readonly version: number;
}

/** What became of a change of several items. */
export interface Counted {
  /** How many items it changed. */
  readonly count: number;
  /** As in {@link Outcome}. */
  readonly version: number;
}

/** What a store is like at the moment, as this member sees it. */
export interface StoreStatus {
  readonly state: "running" | "halted" | "closed";
  /** Why it is halted. */
  readonly reason: string | undefined;
  /** Whether this member only reads, and if not, what it is in the group now. */
  readonly role: "reader" | "leader" | "candidate" | "follower";
  /** Whether it leads, or follows a leader. */
  readonly online: boolean;
  readonly members: readonly GroupMember[];
  /** The version of the last change; 0 where there was none. */
  readonly version: number;
  /** How many items it holds. */
  readonly size: number;
  /**
   * A fingerprint of the content, 16 hexadecimal digits: members with the same content have the
   * same. It finds accidents; it does not withstand an attack.
   */
  readonly hash: string;
  /** Positions that the group's leader is known to have committed and that are not applied here yet. */
  readonly lag: number;
  readonly durability: Durability;
}

/** How to wait. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
}

/** How to write. An abort gives up the wait, not a change on its way. */
export type WriteOptions = WaitOptions;

/** What can be waited for. Each rejects with `CONDITION_CLOSED` once the store is closed. */
export interface StoreConditions {
  /**
   * It leads, or follows a leader: writes get through. What this member shows may be older, after a
   * restart too: a strong read has all.
   */
  online(options?: WaitOptions): Condition;
  offline(options?: WaitOptions): Condition;
  /** Everything up to a version, of any store of the same group, is here. */
  reaches(version: number, options?: WaitOptions): Condition;
  /** The store changes after this call. */
  updated(options?: WaitOptions): Condition;
}

/** Where to begin to watch. */
export interface WatchOptions extends WaitOptions {
  /** The version after which: what comes first is the change after it. Default: the present one. */
  readonly from?: number;
}

/** What a watch tells. */
export type StoreChange<View, Event> =
  | {
      readonly kind: "changed";
      /** The version that these changes made. */
      readonly version: number;
      /** What took effect as one, in order. */
      readonly changes: readonly Event[];
    }
  | {
      /** Changes in between are not told: begin again from this state, which has all of them. */
      readonly kind: "resync";
      readonly version: number;
      readonly view: View;
    };

/** A state that was read. */
export interface Reading<View> {
  /** Immutable: what is written later does not show. */
  readonly view: View;
  readonly version: number;
  /** How old it may be, milliseconds; 0 for a strong one. See `Answered` of `@mosaik/groups`. */
  readonly staleMs: number;
}

/** How to read. */
export interface ReadOptions extends WaitOptions {
  /** `strong`: with all that was acknowledged anywhere before the call (linearizable). Default: `weak`. */
  readonly consistency?: "weak" | "strong";
}

/** What all stores have in common, for who only reads as for who writes. */
export interface Store<View, Event> extends AsyncDisposable {
  readonly name: string;
  /** The group that keeps it. */
  readonly group: GroupId;
  readonly status: Watch<StoreStatus>;
  readonly when: StoreConditions;
  /** The version of the last change here; 0 where there was none. */
  readonly version: number;
  /** As in {@link StoreStatus}, now. */
  readonly hash: string;
  /** The state now, for good: takes no time, whatever the size. */
  view(): View;
  /**
   * The state with all that was acknowledged, where it is to be strong.
   *
   * @throws StoreError with `STORE_NO_QUORUM`, `STORE_FULL`, `STORE_HALTED`, `STORE_STORAGE_FAILED` or
   * `STORE_CLOSED`; the reason of `signal`.
   */
  read(options?: ReadOptions): Promise<Reading<View>>;
  /**
   * Follows the changes: each once, in order, none left out but for what a `resync` stands for. It
   * comes where this member got the state from a snapshot, where `from` is too far back, and where
   * the reader is more than 65,536 changes behind. Ends where the store is closed or `signal` aborts,
   * never by itself.
   *
   * @throws StoreError with `STORE_HALTED` or `STORE_STORAGE_FAILED` where the member has stopped.
   */
  watch(options?: WatchOptions): AsyncIterable<StoreChange<View, Event>>;
  /** Lets go of the handle; with the last one the member stops. Idempotent. */
  close(): Promise<void>;
}
