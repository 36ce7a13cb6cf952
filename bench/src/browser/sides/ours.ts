import { libp2pTransport } from "@mosaik/transport/libp2p";
import { webrtc } from "@mosaik/transport/webrtc";
import { createNode, type Node, receiveAt, sendFrom } from "../../streams/sides/our-stream.ts";
import type { Side } from "../side.ts";

/** Our streams as a page has them: the public API over the libp2p transport. */
export const oursSide: Side = {
  async relay() {
    const node = await start({ listen: ["ws://127.0.0.1:0"], relay: true }, []);
    return node.addresses.join();
  },

  async produce(load, relay) {
    if (relay === "") {
      const node = await start({ listen: ["ws://127.0.0.1:0"] }, []);
      return sendFrom(node, { load, consumers: 1, address: node.addresses.join() });
    }
    const node = await start({ webrtc: webrtc() }, relay.split(","));
    const isReady = (): void => {
      const paths = [...node.connections.value.values()].map(({ address }) => address);
      if (paths.some((path) => path.includes("/webrtc"))) return;
      throw new Error(`the pages are not connected straight: ${paths.join()}`);
    };
    return sendFrom(node, { load, consumers: 1, address: relay, isReady });
  },

  async consume(load, relay, address, arrivals) {
    const node = await start(relay === "" ? {} : { webrtc: webrtc() }, address.split(","));
    await receiveAt(node, load, arrivals);
    return { close: () => node.close() };
  },
};

function start(
  options: Parameters<typeof libp2pTransport>[0],
  seeds: readonly string[],
): Promise<Node> {
  return createNode({ seeds, transport: libp2pTransport(options) });
}
