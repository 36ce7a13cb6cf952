import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Side } from "../side.ts";
import { createNode, type Node, receiveAt, sendFrom } from "./our-stream.ts";

/** Our streams as a user has them: the public API over the libp2p transport. */
export const oursSide: Side = {
  async produce({ load, consumers }) {
    const node = await start([]);
    return sendFrom(node, { load, consumers, address: node.addresses.join() });
  },

  async consume({ load }, address, arrivals) {
    const node = await start(address.split(","));
    const consumer = await receiveAt(node, load, arrivals);
    const closing = new AbortController();
    consumer.when.unsubscribed({ signal: closing.signal }).then(
      () => arrivals.fail("the subscription was lost"),
      () => undefined,
    );
    return {
      close: () => {
        closing.abort();
        return node.close();
      },
    };
  },
};

/** Seventeen processes on two cores: one that gets no turn for seconds is not lost. */
const silenceMaxMs = 60_000;

function start(seeds: readonly string[]): Promise<Node> {
  const transport = libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] });
  return createNode({ seeds, transport, connections: { silenceMaxMs } });
}
