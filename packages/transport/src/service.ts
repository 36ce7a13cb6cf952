import type {
  Clock,
  Ed25519,
  Identity,
  Log,
  Meter,
  NetworkId,
  PeerId,
  Random,
  Watch,
} from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "./close-reason.ts";
import type { Diagnostics } from "./diagnostics/diagnostics.ts";
import type { Link, Protocol } from "./protocol.ts";

/** A part of a node that runs: streams, discovery, or one of your own. */
export interface Service {
  /** Stops it and everything it started. Idempotent. */
  close(): Promise<void>;
}

/** Builds a service; `Needs` names the sibling services it is given. */
export interface ServiceFactory<Self extends Service, Needs extends object = object> {
  /** Where it comes from: inspectors are told which versions a node runs. */
  readonly package?: { readonly name: string; readonly version: string };
  /** The names of the sibling services it needs. */
  readonly needs: readonly (keyof Needs & string)[];
  /** Builds and starts the service. */
  create(context: ServiceContext, needs: Needs): Self | Promise<Self>;
}

/** What the network hands every service: ports only, no type of any library. */
export interface ServiceContext {
  readonly network: NetworkId;
  /** The local peer. */
  readonly peer: PeerId;
  readonly identity: Identity;
  readonly ed25519: Ed25519;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly meter: Meter;
  /** Where the service says what it is doing, for those who look into the node. */
  readonly diagnostics: Diagnostics;
  /** Aborts when the network closes. */
  readonly signal: AbortSignal;
  /** The addresses to start from, as the user gave them. */
  readonly seeds: readonly string[];
  /** The tags that the user gave the node. */
  readonly tags: readonly string[];
  /** Where others can reach this node. */
  readonly addresses: Watch<readonly string[]>;
  /** The admitted connections, a peer each. */
  readonly connections: Watch<ReadonlyMap<PeerId, ConnectionInfo>>;
  /**
   * Calls `lost` whenever the last connection to a peer ended, with why: `idle`, `going-away` and
   * the like were meant; `lost` and `timeout` were not.
   */
  onDisconnect(lost: (peer: PeerId, reason: CloseReason) => void): Disposable;
  /** Calls `found` with addresses of possible peers that turned up by themselves (mDNS). */
  onDiscovered(found: (addresses: readonly string[]) => void): Disposable;
  /** Teaches the network where a peer can be reached; replaces what was known. */
  setAddresses(peer: PeerId, addresses: readonly string[]): void;
  /**
   * Serves a protocol. Each link comes from a peer that was admitted to the network.
   *
   * @throws `RangeError` where the protocol is served already.
   */
  serve<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    accept: (link: Link<Value, Reasons>) => void,
  ): Disposable;
  /**
   * Opens a link to a peer, connecting first where there is no connection; to this node itself, too.
   *
   * @throws TransportError; the reason of `signal` when it aborts.
   */
  open<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    peer: PeerId,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Link<Value, Reasons>>;
  /**
   * Connects to whoever is at an address and returns who that is.
   *
   * @throws TransportError; the reason of `signal` when it aborts.
   */
  connect(address: string, options?: { readonly signal?: AbortSignal }): Promise<PeerId>;
}

/** A connection as others see it. */
export interface ConnectionInfo {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  /** The address at the other end, as a multiaddr. */
  readonly address: string;
  /** Smoothed round-trip time (RFC 6298), milliseconds. */
  readonly rttMs: number;
  /** When it was admitted, wall-clock milliseconds. */
  readonly since: number;
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where a factory of any needs is meant
type AnyFactory = ServiceFactory<Service, any>;

/** Service factories by the names that their services will have on the network. */
export type ServiceFactories = Readonly<Record<string, AnyFactory>>;

/** The services that a map of factories builds, by the same names. */
export type ServicesOf<M> = {
  readonly [K in keyof M]: M[K] extends ServiceFactory<infer Self, infer _> ? Self : never;
};

type NeedsOf<F> = F extends ServiceFactory<Service, infer Needs> ? Needs : never;

/** `M` itself where every need is met; else the name's type is a sentence that says what is wrong. */
export type MeetsNeeds<M, Reserved extends string> = {
  [K in keyof M]: K extends Reserved
    ? `the name '${K}' belongs to the network itself`
    : ServicesOf<M> extends NeedsOf<M[K]>
      ? M[K]
      : Complaint<K & string, Exclude<keyof NeedsOf<M[K]>, keyof M> & string>;
};

type Complaint<Name extends string, Missing extends string> = [Missing] extends [never]
  ? `service '${Name}' is given a service of the wrong type`
  : `service '${Name}' needs: ${Missing}`;
