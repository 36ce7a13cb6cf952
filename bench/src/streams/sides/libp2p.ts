import { tcp } from "@libp2p/tcp";
import { tls } from "@libp2p/tls";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import type { Side } from "../side.ts";
import { protocol, receiveFrom, sendFrom } from "./libp2p-stream.ts";

/** Sixteen processes that connect at once on two cores take their time. */
const connectTimeoutMs = 60_000;

/** A bare libp2p stream over TCP, TLS and yamux, one a consumer: what libp2p allows in Node. */
export const libp2pSide: Side = {
  async produce({ load, consumers }) {
    const node = await createNode(["/ip4/127.0.0.1/tcp/0"]);
    return sendFrom(node, { load, consumers, address: node.getMultiaddrs().join() });
  },

  async consume({ load }, address, arrivals) {
    const node = await createNode([]);
    const stream = await node.dialProtocol(multiaddr(address), protocol);
    receiveFrom(stream, load, arrivals);
    return { close: async () => node.stop() };
  },
};

function createNode(listen: string[]): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [tls()],
    streamMuxers: [yamux()],
    connectionManager: {
      inboundConnectionThreshold: 1_000,
      maxIncomingPendingConnections: 1_000,
      inboundUpgradeTimeout: connectTimeoutMs,
      addressDialTimeout: connectTimeoutMs,
      dialTimeout: connectTimeoutMs,
    },
  });
}
