import type { Transport } from "@libp2p/interface";
import type { WebRTCTransportComponents } from "@libp2p/webrtc";
import { channelsMaxDefault, webRtcBufferBytesMax } from "./config.ts";

/** What WebRTC is made with. */
export interface WebRtcOptions {
  /**
   * Servers that tell a node how others see it (STUN) or that carry what cannot go straight (TURN).
   * Default: none, nobody outside of the network is contacted. Without one, nodes behind different
   * NATs stay on the relay.
   */
  readonly iceServers?: readonly IceServer[];
}

/** A STUN or TURN server, as browsers want it. */
export interface IceServer {
  /** Such as `stun:stun.example:3478`. */
  readonly urls: string | string[];
  readonly username?: string;
  readonly credential?: string;
}

/** WebRTC, for `libp2pTransport({ webrtc })`. Made by {@link webrtc}. */
export interface WebRtc {
  /** Loads what it is made of. For the transport alone. */
  readonly load: () => Promise<(components: never) => object>;
}

/**
 * Lets nodes that cannot be dialled, pages most of all, connect straight to each other. A relay
 * arranges it, and carries nothing of what they say afterwards. Needs the package `@libp2p/webrtc`,
 * which is loaded when the first such connection is wanted.
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
    load: async (): Promise<(components: WebRTCTransportComponents) => Transport> => {
      const { webRTC } = await import("@libp2p/webrtc");
      return webRTC({
        rtcConfiguration: { iceServers },
        maxEarlyStreams: channelsMaxDefault,
        dataChannel: { maxBufferedAmount: webRtcBufferBytesMax },
      });
    },
  };
}
