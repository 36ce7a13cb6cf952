import type { Stream } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { tls } from "@libp2p/tls";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { BatchSender, type Outlet } from "../batch-sender.ts";
import { FrameCutter } from "../frames.ts";
import type { Side } from "../side.ts";

/** Sixteen processes that connect at once on two cores take their time. */
const connectTimeoutMs = 60_000;

const protocol = "/bench/1";

/** A bare libp2p stream over TCP, TLS and yamux, one a consumer: what libp2p allows in Node. */
export const libp2pSide: Side = {
  async produce({ load, consumers }) {
    const node = await createNode(["/ip4/127.0.0.1/tcp/0"]);
    const sender = new BatchSender({
      address: node.getMultiaddrs().join(),
      load,
      consumers,
      close: async () => node.stop(),
    });
    await node.handle(protocol, (stream) => {
      stream.addEventListener("message", () => sender.add(outletOf(stream)), { once: true });
    });
    return sender;
  },

  async consume({ load }, address, arrivals) {
    const node = await createNode([]);
    const stream = await node.dialProtocol(multiaddr(address), protocol);
    const frames = new FrameCutter((buffer, start, end) =>
      load.receivedBytes(buffer, start, end, arrivals),
    );
    stream.addEventListener("message", ({ data }) => {
      if (data instanceof Uint8Array) frames.push(data);
      else for (const chunk of data) frames.push(chunk);
    });
    stream.send(Uint8Array.of(1)); // libp2p tells the other end of the stream with the first bytes
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

function outletOf(stream: Stream): Outlet {
  return {
    get full() {
      return stream.writableNeedsDrain;
    },
    write: (bytes) => void stream.send(bytes),
    onRoom: (call) => stream.addEventListener("drain", call, { once: true }),
  };
}
