import type { Clock, Identity, Log, NetworkId, PeerId, Random, Watch } from "@mosaik/primitives";
import type { Diagnostics } from "./diagnostics/diagnostics.ts";

/**
 * The port to the real world: authenticated, encrypted connections that carry many channels.
 * Adapters: `@mosaik/transport/libp2p`, `@mosaik/transport/memory`. Each passes
 * `@mosaik/transport/conformance`.
 */
export interface Transport {
  /** The local peer. */
  readonly peer: PeerId;
  /** Where others can reach us, as multiaddrs without the peer's id. */
  readonly addresses: Watch<readonly string[]>;
  /**
   * Listens, and from now on tells `listener` what happens.
   *
   * @throws TransportError with `NETWORK_LISTEN_FAILED`.
   */
  start(listener: TransportListener): Promise<void>;
  /** Serves a protocol: its inbound channels go to the listener. Others are refused. */
  serve(protocol: string, options?: ProtocolTraits): Disposable;
  /**
   * Connects, trying the addresses in turn. Makes a new connection whether or not there is one. The
   * listener is not told of it.
   *
   * @throws TransportError with `NETWORK_UNREACHABLE`, also where the peer at the address is not
   * `target.peer`; `NETWORK_BAD_ADDRESS` where no address is of a known form; `NETWORK_CLOSED`; the
   * reason of `signal` when it aborts.
   */
  dial(target: DialTarget, options: { readonly signal: AbortSignal }): Promise<Connection>;
  /** Ends all connections and stops listening. Idempotent. */
  close(): Promise<void>;
}

/** What a transport may know of a protocol. */
export interface ProtocolTraits {
  /** Whether it may run through a relay that counts bytes and minutes. Default: `false`. */
  readonly light?: boolean;
}

/** Whom to dial. */
export interface DialTarget {
  /** Who must answer; anybody where it is not given. */
  readonly peer?: PeerId | undefined;
  /** Multiaddrs, `host:port` or `ws://` URLs. */
  readonly addresses: readonly string[];
}

/** What a transport tells its owner. */
export interface TransportListener {
  /** Somebody connected to us. */
  connected(connection: Connection): void;
  /** The other end of a connection, whoever dialled it, opened a channel. */
  opened(connection: Connection, channel: Channel): void;
  /** Addresses of possible peers turned up by themselves (mDNS). */
  discovered(addresses: readonly string[]): void;
  /**
   * Asks for an admitted connection to a relay, over which somebody else is to be dialled. Not
   * given: nobody is dialled through relays.
   *
   * @throws TransportError; the reason of `signal` when it aborts.
   */
  connectTo?(relay: DialTarget, signal: AbortSignal): Promise<void>;
}

/** An authenticated, encrypted connection to a peer. */
export interface Connection {
  /** Who is at the other end, proven by the secure channel. */
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  /** The address at the other end, as a multiaddr. */
  readonly address: string;
  /** Whether it carries more than channels, a place at a relay for one: it is not idle then. */
  readonly inUse?: boolean;
  /** Whether dialling the peer again may give a better one: this is through a relay for now. */
  readonly makeshift?: boolean;
  /** Told once, when the other end has proven that it is of our network. Relays serve such only. */
  admitted?(): void;
  /**
   * Opens a channel of a protocol.
   *
   * @throws TransportError with `CHANNEL_UNSUPPORTED_PROTOCOL`, `CHANNEL_CLOSED`,
   * `CHANNEL_LIMITED` or `NETWORK_NO_CAPACITY`; the reason of `signal` when it aborts.
   */
  open(
    protocol: string,
    options: ProtocolTraits & { readonly signal: AbortSignal },
  ): Promise<Channel>;
  /** Calls `closed` once, when the connection has ended for whatever reason; at once where it has. */
  onClose(closed: () => void): void;
  /** Sends what was written, then ends the connection and its channels. Idempotent. */
  close(): Promise<void>;
  /** Ends the connection at once. Idempotent. */
  abort(): void;
}

/** An ordered, reliable, two-way stream of bytes. Chunks may be split and joined on the way. */
export interface Channel {
  /** What it was opened for. */
  readonly protocol: string;
  /** Whether the buffers below are full: no more should be written before `drained`. */
  readonly full: boolean;
  /**
   * Writes bytes, which belong to the channel from then on. Returns `false` where the buffers below
   * are full now; what was given is sent all the same. Ignored once the channel has ended.
   */
  write(bytes: Uint8Array): boolean;
  /** Sets who is told of what arrives; called once. What came before waits for it. */
  listen(listener: ChannelListener): void;
  /** Sends what was written, then ends the channel at both ends. Idempotent. */
  end(): void;
  /** Ends the channel at once; what was written may be lost. Idempotent. */
  abort(): void;
}

/** What a channel tells its user, each call synchronous and none after `ended`. */
export interface ChannelListener {
  /** Bytes arrived. They do not change afterwards. */
  received(bytes: Uint8Array): void;
  /** There is room again after a `write` that returned `false`. */
  drained(): void;
  /** The channel is over: ended by the other end, cut, or after our own `end` or `abort`. */
  ended(): void;
}

/** What a transport is made with. */
export interface TransportContext {
  readonly network: NetworkId;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where the transport says what it does. Default: nobody is told. */
  readonly diagnostics?: Diagnostics;
}

/** Makes the transport of a node: what `createNetwork({ transport })` takes. */
export type TransportFactory = (context: TransportContext) => Transport | Promise<Transport>;
