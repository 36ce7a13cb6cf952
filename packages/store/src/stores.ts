import type { GroupKey, GroupLimits, GroupTimings, JoinOptions, LogStorage } from "@mosaik/groups";
import type { Service } from "@mosaik/transport";
import type { StoreDefinition } from "./definition.ts";

/** The stores service of a node. */
export interface Stores extends Service {
  /**
   * Opens a store to write and read: this node becomes a member of the store's group, or founds it
   * where nobody else is in sight. Opening the same store again gives another handle to the same
   * member. Resolves when the storage is open: wait for `when.online` before counting on a leader.
   *
   * @throws StoreError with `STORE_CLOSED`, `STORE_OPENED_OTHERWISE` or `STORE_STORAGE_FAILED`;
   * `TypeError` where the storage is not of the definition's durability; `RangeError` where an option
   * is out of range.
   */
  writer<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: OpenOptions & {
      /** `reluctant`: leads only where nobody else does. Default: `normal`. */
      readonly preference?: "normal" | "reluctant";
    },
  ): Promise<Writer>;
  /**
   * Opens a store to read: the whole state here, kept up to date, and never a part of a majority.
   *
   * @throws as `writer`, but that the storage is of any durability.
   */
  reader<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: OpenOptions,
  ): Promise<Reader>;
}

/** How to open a store. */
export interface OpenOptions {
  /** What all members share, and nobody else knows: the group's key. Several stores may have the same. */
  readonly key: GroupKey;
  /**
   * Where this member keeps the log and snapshots: `fileStorage` of `@mosaik/groups/node` for stores
   * of the durability `fsync`, `memoryStorage` of `@mosaik/groups/memory` for the others.
   */
  readonly storage: LogStorage;
  /** How many writers must agree on how the group begins; the same at all members. Default: 1. */
  readonly founders?: number;
  /** Writers that fall silent are taken out of the count as long as so many remain; the same at all members. Default: 2. */
  readonly minVoters?: number;
  /** The same at all members. Default: those of `@mosaik/groups`; `lanTimings` for one data centre. */
  readonly timings?: Partial<GroupTimings>;
  readonly limits?: Partial<GroupLimits>;
  /** Whether a peer may be a member, beyond knowing the key. Default: everybody may. */
  readonly admit?: JoinOptions<never, never, never, never>["admit"];
}
