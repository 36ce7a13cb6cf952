import { discovery } from "@mosaik/discovery";
import { defineStream, type StreamDefinition, streams } from "@mosaik/streams";
import { createNetwork, type Network } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { webrtc } from "@mosaik/transport/webrtc";
import type { Load } from "../../streams/load.ts";
import type { Side } from "../side.ts";

/** Our streams as a page has them: the public API over the libp2p transport. */
export const oursSide: Side = {
  async relay() {
    const network = await createNode({ listen: ["ws://127.0.0.1:0"], relay: true }, []);
    return network.addresses.join();
  },

  async produce(load, relay) {
    const isPage = relay !== "";
    const network = isPage
      ? await createNode({ webrtc: webrtc() }, relay.split(","))
      : await createNode({ listen: ["ws://127.0.0.1:0"] }, []);
    const producer = network.streams.produce(streamOf(load), { lag: { policy: "wait" } });
    return {
      address: isPage ? relay : network.addresses.join(),
      ready: async () => {
        await producer.when.subscribed();
        const paths = [...network.connections.value.values()].map(({ address }) => address);
        if (isPage && !paths.some((path) => path.includes("/webrtc"))) {
          throw new Error(`the pages are not connected straight: ${paths.join()}`);
        }
      },
      offer: (number, mark) => {
        const outcome = producer.trySend(load.item(number, mark));
        if (outcome !== "sent" && outcome !== "full") throw new Error(`the producer is ${outcome}`);
        return outcome === "sent";
      },
      send: (number, mark) => producer.send(load.item(number, mark)),
      flush: () => undefined, // it sends at the end of the turn by itself
      close: () => network.close(),
    };
  },

  async consume(load, relay, address, arrivals) {
    const options = relay === "" ? {} : { webrtc: webrtc() };
    const network = await createNode(options, address.split(","));
    const consumer = network.streams.consume(streamOf(load));
    const read = async (): Promise<void> => {
      for await (const items of consumer.batches()) {
        for (const item of items) load.received(item, arrivals);
      }
    };
    read().catch((error: unknown) => arrivals.fail(String(error)));
    await consumer.when.subscribed();
    return { close: () => network.close() };
  },
};

type Node = Network<{
  discovery: ReturnType<typeof discovery>;
  streams: ReturnType<typeof streams>;
}>;

function createNode(
  options: Parameters<typeof libp2pTransport>[0],
  seeds: readonly string[],
): Promise<Node> {
  return createNetwork({
    network: "bench",
    seeds,
    transport: libp2pTransport(options),
    services: { discovery: discovery(), streams: streams() },
  });
}

function streamOf({ codec }: Load): StreamDefinition<unknown> {
  return defineStream("bench", { codec });
}
