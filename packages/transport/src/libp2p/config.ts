import { parseAddress, parseListenAddress } from "./addresses.ts";
import type { WebRtc } from "./webrtc.ts";

/** What a libp2p transport can be told. Everything has a default. */
export interface Libp2pTransportOptions {
  /**
   * Where to listen: multiaddrs, `host:port` or `ws://host:port`, with an IP address or `localhost`
   * and a port, 0 for any free one. `/ip4/…/udp/…/webrtc-direct` takes the option `webrtc`. None: the node only dials. Default: any free TCP port of every
   * IPv4 interface, so that nodes on several machines find each other; name `127.0.0.1:0` to be
   * reachable on this machine only.
   */
  readonly listen?: readonly string[];
  /** Addresses to tell others instead of those listened on: behind a NAT, a proxy, in a container. */
  readonly announce?: readonly string[];
  /**
   * Whether to be a relay: nodes that cannot listen, pages for one, are reached through it. It
   * serves those that it admitted to the network, nobody else. Default: `false`.
   */
  readonly relay?: boolean | RelayOptions;
  /**
   * Whether to be reachable through relays: the first two that this node is connected to are asked
   * for a place. Default: `false`; in a browser, `true`.
   */
  readonly viaRelays?: boolean;
  /**
   * Connects straight to nodes that are reached through relays: `webrtc()` of
   * `@mosaik/transport/webrtc`. Default: none, what they say goes through the relay.
   */
  readonly webrtc?: WebRtc;
  /** Whether to find, and be found by, nodes of the same network on the LAN. Default: `false`. */
  readonly mdns?: boolean;
  /**
   * Connections at once, in and out. Further ones are refused. Default: 1280, somewhat more than a
   * network admits, so that those beyond its limit are told so. Each takes a file descriptor and
   * about 200 KiB.
   */
  readonly connectionsMax?: number;
  /**
   * Inbound connections from one host in a second. Further ones are refused. Default: 256, so that
   * a cluster of processes on one machine can start at once; lower it where the internet can dial.
   */
  readonly connectionsPerSecondMax?: number;
  /**
   * Inbound connections that have not proven yet who they are. One more ends the oldest, so that a
   * flood of silent ones does not keep others out. Default: 256.
   */
  readonly handshakesMax?: number;
  /** Channels of one connection at once, each way. Further ones are refused. Default: 1024. */
  readonly channelsMax?: number;
}

/**
 * Limits of a relay. Its defaults are for networks of one's own: everything runs through it, for as
 * long as it takes.
 */
export interface RelayOptions {
  /** Nodes that have a place, so that others reach them. Further ones are refused. Default: 1024. */
  readonly reservationsMax?: number;
  /** Pairs of which one node is an end, those it asked for and the others, each. Default: 256. */
  readonly circuitsPerPeerMax?: number;
  /**
   * Bytes that one pair may send through it, both ways; then they are cut off. Where this or
   * `durationMaxMs` is given, only what says little (admission, discovery, diagnostics) runs through
   * the relay, and `CHANNEL_LIMITED` is what others are told. Default: no limit.
   */
  readonly bytesMax?: number;
  /** How long one pair may stay joined, milliseconds, below 2^31. Default: no limit. */
  readonly durationMaxMs?: number;
}

/** Options that were checked, defaults filled in, addresses as multiaddrs. */
export interface Libp2pSettings extends Required<Omit<Libp2pTransportOptions, "relay" | "webrtc">> {
  readonly relay: RelaySettings | undefined;
  readonly webrtc: WebRtc | undefined;
}

/** Limits of a relay that were checked. */
export interface RelaySettings {
  readonly reservationsMax: number;
  readonly circuitsPerPeerMax: number;
  /** What each pair may use, where that is limited. */
  readonly perCircuit: { readonly bytes: number; readonly durationMs: number } | undefined;
}

/**
 * Checks options and fills the defaults in.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS`; `RangeError` where a limit is no positive
 * integer.
 */
export function readOptions(options: Libp2pTransportOptions): Libp2pSettings {
  return {
    listen: (options.listen ?? ["/ip4/0.0.0.0/tcp/0"]).map(parseListenAddress),
    announce: (options.announce ?? []).map(parseAddress),
    relay: readRelay(options.relay ?? false),
    webrtc: options.webrtc,
    viaRelays: options.viaRelays ?? false,
    mdns: options.mdns ?? false,
    connectionsMax: limit("connectionsMax", options.connectionsMax ?? 1280),
    connectionsPerSecondMax: limit(
      "connectionsPerSecondMax",
      options.connectionsPerSecondMax ?? 256,
    ),
    handshakesMax: limit("handshakesMax", options.handshakesMax ?? 256),
    channelsMax: limit("channelsMax", options.channelsMax ?? channelsMaxDefault),
  };
}

function readRelay(relay: boolean | RelayOptions): RelaySettings | undefined {
  if (relay === false) return undefined;
  const options = relay === true ? {} : relay;
  const { bytesMax, durationMaxMs } = options;
  const isLimited = bytesMax !== undefined || durationMaxMs !== undefined;
  const durationMs = limit("durationMaxMs", durationMaxMs ?? timerMaxMs);
  if (durationMs > timerMaxMs) throw new RangeError("'durationMaxMs' must be below 2^31");
  const bytes = limit("bytesMax", bytesMax ?? Number.MAX_SAFE_INTEGER);
  return {
    reservationsMax: limit("reservationsMax", options.reservationsMax ?? 1024),
    circuitsPerPeerMax: limit("circuitsPerPeerMax", options.circuitsPerPeerMax ?? 256),
    perCircuit: isLimited ? { bytes, durationMs } : undefined,
  };
}

/** Longer timers fire at once. */
const timerMaxMs = 2 ** 31 - 1;

function limit(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`'${name}' must be a positive integer, not ${value}`);
}

/** Channels of one connection at once, each way. */
export const channelsMaxDefault = 1024;

/** From the TCP connection to who is at its other end, milliseconds. Slow links need a second. */
export const handshakeTimeoutMs = 5_000;

/** One address is tried for at most this long, milliseconds. */
export const dialAddressTimeoutMs = 5_000;

/** The next address is tried beside the last after this long, milliseconds (as RFC 8305, 8). */
export const dialStaggerMs = 250;

/** Addresses of a peer that are tried; further ones are not. */
export const dialAddressesMax = 16;

/** The other end has this long to confirm the end of a channel, milliseconds; then it is cut. */
export const channelEndTimeoutMs = 5_000;

/** Ending a connection in order takes at most this long, milliseconds; then it is cut. */
export const connectionCloseTimeoutMs = 1_000;

/** The addresses of the machine's interfaces are looked at this often, milliseconds. */
export const addressRefreshMs = 30_000;

/**
 * Small writes are joined to pieces of at most this many bytes: below four TLS records and below
 * one message of noise, which holds 65,519.
 */
export const joinedBytesMax = 65_000;

/**
 * Window updates for at most this many bytes of a stream, and of this many streams, wait until
 * something else is written. A quarter of the smallest window: the sender never gets near its end.
 */
export const heldWindowBytesMax: number = 64 * 1024;
export const heldWindowsMax = 64;

/**
 * Larger buffers are written in parts of this many bytes. Larger parts would keep other channels
 * waiting, and the other end takes a part only when it is whole; smaller ones cost more each.
 */
export const pieceBytesMax = 256 * 1024;

/** A larger WebSocket message ends the connection. A node sends less than 400 KiB in one. */
export const webSocketMessageBytesMax = 1024 * 1024;

/**
 * A channel to which nobody listens yet holds at most this many bytes that arrived; one that gets
 * more is cut. A peer that keeps to the window of yamux (256 KiB at first) never gets there.
 */
export const readBufferBytesMax = 1024 * 1024;

/**
 * A channel whose user writes this much at once, without heeding `full`, is cut: its bytes would
 * fill the memory. Far above the largest write of a link.
 */
export const writeBufferBytesMax = 64 * 1024 * 1024;

/** Relays that a node asks for a place. One is not enough: it may go. */
export const relaysMax = 2;

/** Addresses of one relay that are announced: WebSockets first, which everybody can dial. */
export const relayAddressesMax = 3;

/** What comes through a relay, or was arranged there, ends when unused for this, milliseconds. */
export const unusedConnectionMs = 15_000;

/**
 * A channel over WebRTC is full once so many bytes wait in the browser, below the 16 MiB at which
 * browsers cut it. Too few: it stands still whenever the last of them has left.
 */
export const webRtcBufferBytesMax: number = 1024 * 1024;

/** To connect by WebRTC may take this long, milliseconds: less than one address of a dial. */
export const webRtcTimeoutMs = 4_000;

/** It is looked at whether an attempt hangs this often, and it does after so long, milliseconds. */
export const webRtcLookMs = 50;
export const webRtcHangsMs = 250;

/** A relayed connection is of no more use so long after it arranged another, milliseconds. */
export const relayedLingerMs = 2_000;
