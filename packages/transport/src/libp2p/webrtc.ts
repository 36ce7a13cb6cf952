import { start, stop, type Transport } from "@libp2p/interface";
import { channelsMaxDefault, webRtcBufferBytesMax } from "./config.ts";

/** What WebRTC is made with. */
export interface WebRtcOptions {
  /**
   * Servers that tell a node how others see it (STUN) or that carry what cannot go straight (TURN).
   * Default: none, nobody outside of the network is contacted. Without one, nodes behind different
   * NATs stay on the relay.
   */
  readonly iceServers?: readonly IceServer[];
  /**
   * What a node that listens on `/webrtc-direct` is known by: its hash is part of the address.
   * Default: a new one each time, so that former addresses and invites lead nowhere after a restart.
   */
  readonly certificate?: WebRtcCertificate;
}

/** A STUN or TURN server, as browsers want it. */
export interface IceServer {
  /** Such as `stun:stun.example:3478`. */
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

/** A certificate of the curve P-256 for webrtc-direct. */
export interface WebRtcCertificate {
  readonly pem: string;
  /** As PEM. Secret. */
  readonly privateKey: string;
  /** As in addresses. */
  readonly certhash: string;
}

/** WebRTC, for `libp2pTransport({ webrtc })`. Made by {@link webrtc}. */
export interface WebRtc {
  /** Loads what it is made of. For the transport alone. */
  readonly load: () => Promise<WebRtcTransports>;
}

/** Makers of libp2p's two transports: arranged by a relay, and straight to a node that listens. */
export interface WebRtcTransports {
  readonly arranged: (components: never) => object;
  readonly direct: (components: never) => object;
}

/**
 * Lets nodes that cannot be dialled, pages most of all, connect straight to each other. A relay
 * arranges it, and carries nothing of what they say afterwards. A page also reaches a process that
 * listens on `/ip4/…/udp/…/webrtc-direct`, which takes no domain and no certificate of one. Needs the
 * package `@libp2p/webrtc`, which is loaded when it is wanted first.
 *
 * @example
 * ```ts
 * // not run: needs a browser, and a relay
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 * import { webrtc } from "@mosaik/transport/webrtc";
 *
 * await using network = await createNetwork({
 *   network: "weather",
 *   seeds: ["wss://relay.example"],
 *   transport: libp2pTransport({ webrtc: webrtc() }),
 *   services: {},
 * });
 * console.log(network.peer);
 * ```
 */
export function webrtc(options: WebRtcOptions = {}): WebRtc {
  const iceServers = (options.iceServers ?? []).map((server) => ({ ...server }));
  return {
    load: async (): Promise<WebRtcTransports> => {
      const { webRTC, webRTCDirect } = await import("@libp2p/webrtc");
      const init = {
        rtcConfiguration: { iceServers },
        maxEarlyStreams: channelsMaxDefault,
        dataChannel: { maxBufferedAmount: webRtcBufferBytesMax },
      };
      const { certificate } = options;
      return {
        arranged: webRTC(init),
        direct: webRTCDirect({ ...init, ...(certificate && { certificate }) }),
      };
    },
  };
}

/**
 * Makes a certificate for `webrtc({ certificate })`, in Node. Keep it as JSON, in a file that nobody
 * else can read. Needs the package `@libp2p/webrtc`.
 *
 * @example
 * ```ts
 * import { createWebRtcCertificate } from "@mosaik/transport/webrtc";
 *
 * const { certhash } = await createWebRtcCertificate();
 * console.log(certhash.length); // 47
 * ```
 */
export async function createWebRtcCertificate(): Promise<WebRtcCertificate> {
  const { webRTCDirect } = await import("@libp2p/webrtc");
  const { defaultLogger } = await import("@libp2p/logger");
  const make = webRTCDirect({
    certificateLifespan: certificateMs,
    certificateRenewalThreshold: certificateMs - dayMs, // a later one is beyond what timers take
  });
  // it makes one as it starts, in a field that its types do not show, and looks for a former one first
  const components = { logger: defaultLogger(), datastore: nothingKept };
  const maker: Transport & { certificate?: WebRtcCertificate } = make(components as never);
  await start(maker);
  const { certificate } = maker;
  await stop(maker);
  if (certificate === undefined) throw new Error("libp2p made no certificate");
  return certificate;
}

const dayMs = 86_400_000;
const certificateMs = 3_650 * dayMs;

const nothingKept = {
  get: () => Promise.reject(Object.assign(new Error("nothing is kept"), { name: "NotFoundError" })),
};
