import { circuitRelayServer, circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Connection } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { webRTC } from "@libp2p/webrtc";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { protocol, receiveFrom, sendFrom } from "../../streams/sides/libp2p-stream.ts";
import type { Side } from "../side.ts";

/** About one attempt in six to connect two pages hangs: it is given up after so long, ms. */
const attemptMs = 4_000;
const attemptsMax = 8;

/** A bare libp2p stream: over WebSockets, noise and yamux, or a data channel of WebRTC. */
export const libp2pSide: Side = {
  async relay() {
    const node = await createNode(["/ip4/127.0.0.1/tcp/0/ws"], {
      relay: circuitRelayServer({ reservations: { applyDefaultLimit: false } }),
    });
    return node.getMultiaddrs().join();
  },

  async produce(load, relay) {
    const isPage = relay !== "";
    const listen = isPage ? ["/p2p-circuit", "/webrtc"] : ["/ip4/127.0.0.1/tcp/0/ws"];
    const node = await createNode(listen);
    if (isPage) await node.dial(multiaddr(relay));
    const address = isPage ? await webRtcAddress(node) : node.getMultiaddrs().join();
    return sendFrom(node, { load, consumers: 1, address });
  },

  async consume(load, relay, address, arrivals) {
    const node = await createNode([]);
    const connection = await (relay === "" ? node.dial(multiaddr(address)) : dial(node, address));
    const stream = await connection.newStream(protocol);
    receiveFrom(stream, load, arrivals);
    return { close: async () => node.stop() };
  },
};

function createNode(
  listen: string[],
  services: { relay?: ReturnType<typeof circuitRelayServer> } = {},
): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen },
    transports: [
      webSockets(),
      circuitRelayTransport(),
      webRTC({ rtcConfiguration: { iceServers: [] } }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ...services },
  });
}

/** Where a page is reached by WebRTC, once a relay keeps a place for it. */
async function webRtcAddress(node: Libp2p): Promise<string> {
  for (;;) {
    const found = node.getMultiaddrs().find((address) => /webrtc/.test(address.toString()));
    if (found !== undefined) return found.toString();
    await new Promise((resolve) =>
      node.addEventListener("self:peer:update", resolve, { once: true }),
    );
  }
}

async function dial(node: Libp2p, address: string): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await node.dial(multiaddr(address), { signal: AbortSignal.timeout(attemptMs) });
    } catch (error) {
      if (attempt === attemptsMax) throw error;
    }
  }
}
