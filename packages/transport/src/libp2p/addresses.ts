import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { TransportError } from "../errors.ts";

/**
 * Normalises an address at which a node can be reached to the text of a multiaddr: TCP, WebSockets
 * or webrtc-direct, with or without the peer's id at its end. Takes multiaddrs, `host:port`,
 * `[v6]:port` and `ws://` or `wss://` URLs without a path; and multiaddrs of peers behind a relay.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS`.
 * @example
 * ```ts
 * import { parseAddress } from "@mosaik/transport/libp2p";
 *
 * console.log(parseAddress("seed.example:4100")); // /dns/seed.example/tcp/4100
 * console.log(parseAddress("wss://seed.example")); // /dns/seed.example/tcp/443/tls/ws
 * ```
 */
export function parseAddress(text: string): string {
  const { address, shape } = parse(text);
  if ((shape.port ?? shape.udp) === "0") throw badAddress(text, "nobody can be reached at port 0");
  if (shape.circuit !== undefined && shape.peer === undefined) {
    throw badAddress(text, "say whom to reach through the relay: /p2p/… at its end");
  }
  if (shape.udp !== undefined && shape.hash === undefined) {
    throw badAddress(text, "it lacks the hash of the certificate: /certhash/…");
  }
  return address.toString();
}

/**
 * Normalises an address to listen on: an IP address or `localhost`, and a port, 0 for any; without
 * TLS and without a peer's id. Forms as of {@link parseAddress}.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS`.
 */
export function parseListenAddress(text: string): string {
  const { address, shape } = parse(text);
  if (shape.tls !== undefined) {
    throw badAddress(
      text,
      "listen on ws:// behind a proxy that ends TLS, and announce its address",
    );
  }
  if (shape.circuit !== undefined) {
    throw badAddress(text, "nodes ask relays for a place by themselves: see 'viaRelays'");
  }
  if (shape.hash !== undefined) throw badAddress(text, "leave the certificate's hash out");
  if (shape.peer !== undefined) throw badAddress(text, "leave the peer's id out");
  if (shape.name === "localhost") {
    return address.toString().replace(/^\/dns[46]?\/localhost/, "/ip4/127.0.0.1");
  }
  if (shape.name !== undefined) throw badAddress(text, "listen on an IP address, not on a name");
  return address.toString();
}

/** The text of a multiaddr without the peer's id at its end. */
export function withoutPeer(address: string): string {
  return address.replace(/\/(p2p|ipfs)\/[^/]+$/, "");
}

/** The same multiaddrs, those that lead to the same machine only at the end. */
export function loopbackLast(addresses: readonly string[]): readonly string[] {
  return [
    ...addresses.filter((address) => !isLoopback(address)),
    ...addresses.filter((address) => isLoopback(address)),
  ];
}

function isLoopback(address: string): boolean {
  return /^\/(ip4\/127\.|ip6\/::1\/|dns[46]?\/localhost\/)/.test(address);
}

/** The way to a peer through a relay. */
export interface Circuit {
  /** The relay, as libp2p writes it, and the address that leads to it. */
  readonly relay: string;
  readonly base: string;
  /** Whether the two ends are to connect by WebRTC, which the relay only arranges. */
  readonly webrtc: boolean;
  /** Who is behind it, as libp2p writes it. */
  readonly peer: string;
}

/** What an address says of a way through a relay, where it does. */
export function circuitOf(address: string): Circuit | undefined {
  const form = /^(.+)\/p2p\/([^/]+)\/p2p-circuit(\/webrtc)?\/p2p\/([^/]+)$/;
  const [, base, relay, webrtc, peer] = form.exec(address) ?? [];
  if (base === undefined || relay === undefined || peer === undefined) return undefined;
  return { base, relay, peer, webrtc: webrtc !== undefined };
}

/** Whether an address is dialled by WebSockets. */
export function isWebSocket(address: string): boolean {
  return /\/wss?(\/|$)/.test(address);
}

/** Whether an address is dialled, or listened on, by webrtc-direct. */
export function isWebRtcDirect(address: string): boolean {
  return /\/webrtc-direct(\/|$)/.test(address) && circuitOf(address) === undefined;
}

/**
 * Whether an address is of this machine or of a network that is not the internet: by RFC 1918, 3927,
 * 4193, 4291, 6598, or by a name that only means something there.
 */
export function isLocal(address: string): boolean {
  return isLoopback(address) || localForms.some((form) => form.test(address));
}

const localForms = [
  /^\/ip4\/(0|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./,
  /^(\/ip6zone\/[^/]+)?\/ip6\/(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/i,
  /^\/ip6\/::/, // unspecified, loopback, and IPv4 in the form of IPv6
  /^\/dns[46]?\/([^./]+|[^/]+\.(local|localhost|internal|lan|home\.arpa))\.?\//i,
];

interface Shape {
  readonly name?: string;
  readonly port?: string;
  readonly tls?: string;
  readonly udp?: string;
  readonly hash?: string;
  readonly circuit?: string;
  readonly peer?: string;
}

const shapes =
  /^(?:(?:\/ip6zone\/[^/]+)?\/ip[46]\/[^/]+|\/dns[46]?\/(?<name>[^/]+))\/(?:tcp\/(?<port>\d+)(?:\/ws|(?<tls>(?:\/tls(?:\/sni\/[^/]+)?)\/ws|\/wss))?|udp\/(?<udp>\d+)\/webrtc-direct(?:\/certhash\/(?<hash>[\w-]+))?)(?<circuit>\/p2p\/12D3KooW[1-9A-HJ-NP-Za-km-z]{44}\/p2p-circuit(?:\/webrtc)?)?(?:\/p2p\/(?<peer>12D3KooW[1-9A-HJ-NP-Za-km-z]{44}))?$/;

function parse(text: string): { address: Multiaddr; shape: Shape } {
  let address: Multiaddr;
  try {
    address = multiaddr(text.startsWith("/") ? text : toMultiaddr(text));
  } catch (cause) {
    if (cause instanceof TransportError) throw cause;
    throw badAddress(text, "use host:port, ws://host:port or a multiaddr", cause);
  }
  const shape = shapes.exec(address.toString());
  if (shape === null)
    throw badAddress(text, "only TCP, WebSockets and webrtc-direct are supported");
  return { address, shape: shape.groups ?? {} };
}

function toMultiaddr(text: string): string {
  const parts = /^(?:(wss?):\/\/)?(?:\[([^\]]+)\]|([^:/?#\s@[\]]+))(?::(\d{1,5}))?(\/?)$/i.exec(
    text,
  );
  const [, scheme, v6, host, port, slash] = parts ?? [];
  const secure = scheme?.toLowerCase() === "wss";
  const name = v6 ?? host;
  const number = port ?? (scheme === undefined ? undefined : secure ? "443" : "80");
  if (name === undefined || number === undefined || (scheme === undefined && slash !== "")) {
    throw badAddress(text, "use host:port, ws://host:port or a multiaddr");
  }
  const tail = scheme === undefined ? "" : secure ? "/tls/ws" : "/ws";
  return `/${kindOf(name, v6 !== undefined)}/${name}/tcp/${number}${tail}`;
}

function kindOf(host: string, bracketed: boolean): "ip4" | "ip6" | "dns" {
  if (bracketed) return "ip6";
  return /^[\d.]+$/.test(host) ? "ip4" : "dns";
}

function badAddress(address: string, advice: string, cause?: unknown): TransportError {
  return new TransportError("NETWORK_BAD_ADDRESS", `'${address}' is no address to use: ${advice}`, {
    cause,
    data: { address },
  });
}
