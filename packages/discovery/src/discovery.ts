import type {
  Condition,
  Digest,
  MosaikError,
  NetworkId,
  PeerId,
  Result,
  Watch,
} from "@mosaik/primitives";
import type { Service } from "@mosaik/transport";
import type { DiscoveryErrorCode } from "./errors.ts";

/** What a peer says of itself, signed by it. */
export interface PeerEntry {
  readonly peer: PeerId;
  readonly network: NetworkId;
  /** Newer wins. */
  readonly version: EntryVersion;
  /** When the peer signed it, by its own wall clock, milliseconds. */
  readonly at: number;
  /** Where it can be reached, as multiaddrs without its id. At most 16. */
  readonly addresses: readonly string[];
  /** What it calls itself. Claims, never authority. At most 64. */
  readonly tags: ReadonlySet<string>;
  /** What it offers: ids by the kind of offer, such as `stream.producer`. */
  readonly offers: ReadonlyMap<string, ReadonlySet<Digest>>;
  /** Bearer tokens by which it proves what it may do, opaque here. */
  readonly tickets: readonly string[];
}

/**
 * Orders the entries of one peer: by `epoch`, then by `sequence`. The epoch is the wall clock at the
 * peer's start, or one more than the highest epoch of its own that it meets in the network: so a
 * clock that was set back does not make a restarted peer invisible.
 */
export interface EntryVersion {
  readonly epoch: number;
  readonly sequence: number;
}

/** An entry and what this node measured of the peer. What predicates are given. */
export interface PeerInfo extends PeerEntry {
  /** Smoothed round-trip time in milliseconds, `undefined` while there is no connection. */
  readonly rttMs: number | undefined;
}

/** The peers of the network as this node knows them: immutable, cheap to keep. */
export interface Catalog {
  /** The other peers, the local one not among them. In no particular order. */
  readonly peers: ReadonlyMap<PeerId, PeerEntry>;
  /** The entry of the local peer. */
  readonly me: PeerEntry;
  /** The other peers that offer an id. */
  offering(kind: string, id: Digest): readonly PeerEntry[];
}

/** Something that happened to a peer of the catalog. */
export type DiscoveryEvent =
  | { readonly kind: "discovered"; readonly entry: PeerEntry }
  /** What the peer says of itself changed; a mere sign of life is no event. */
  | { readonly kind: "updated"; readonly entry: PeerEntry; readonly before: PeerEntry }
  | { readonly kind: "departed"; readonly entry: PeerEntry; readonly reason: DepartureReason }
  /** The reader was too slow: `missed` events before this one were dropped. Read the catalog. */
  | { readonly kind: "lagged"; readonly missed: number };

/**
 * Why a peer left the catalog: it said goodbye, it was silent for the purge time, it could not be
 * reached any more, or the catalog was full and it had to give way.
 */
export type DepartureReason = "goodbye" | "expired" | "unreachable" | "evicted";

/** The discovery service of a node. */
export interface Discovery extends Service {
  /** The catalog, replaced whenever what some peer says of itself changes. */
  readonly catalog: Watch<Catalog>;
  /** The local entry as signed bytes, for handing to a peer. */
  readonly signedEntry: Uint8Array;
  /** The information that predicates get on a peer, `undefined` where it is not in the catalog. */
  info(peer: PeerId): PeerInfo | undefined;
  /**
   * What happens from now on. Bounded: a slow reader gets a `lagged` event for what it missed. Ends
   * when `signal` aborts or the service closes.
   */
  events(options?: { readonly signal?: AbortSignal }): AsyncIterable<DiscoveryEvent>;
  /** Conditions on the number of known peers, those with all of `tags` if given. Default: 1. */
  readonly when: {
    discovered(options?: {
      readonly atLeast?: number;
      readonly tags?: readonly string[];
      readonly where?: (entry: PeerEntry) => boolean;
      readonly signal?: AbortSignal;
    }): Condition;
  };
  /**
   * Adds an id to what this node offers, until disposed of. Offers are counted: the last disposal
   * withdraws the id. Changes of one turn are announced together, at once.
   *
   * @throws DiscoveryError with `DISCOVERY_ENTRY_TOO_LARGE`.
   */
  offer(kind: string, id: Digest): Disposable;
  /**
   * Adds tags.
   *
   * @throws DiscoveryError with `DISCOVERY_BAD_TAG` or `DISCOVERY_ENTRY_TOO_LARGE`.
   */
  addTags(...tags: readonly string[]): void;
  /** Removes tags; those it does not have are ignored. */
  removeTags(...tags: readonly string[]): void;
  /**
   * Adds a bearer token to the entry, until disposed of.
   *
   * @throws DiscoveryError with `DISCOVERY_ENTRY_TOO_LARGE`.
   */
  addTicket(ticket: string): Disposable;
  /**
   * Merges a signed entry that came by another way than gossip. Total: a bad one is refused with
   * the reason, and nothing changes.
   */
  feed(signedEntry: Uint8Array): Result<PeerEntry, MosaikError<DiscoveryErrorCode>>;
  /**
   * Exchanges the differences of the two catalogs with a peer now.
   *
   * @throws DiscoveryError with `DISCOVERY_SYNC_FAILED`; the reason of `signal` when it aborts.
   */
  sync(peer: PeerId, options?: { readonly signal?: AbortSignal }): Promise<void>;
}
