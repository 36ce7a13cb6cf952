import { discovery } from "@mosaik/discovery";
import { defineStream, type StreamDefinition, streams } from "@mosaik/streams";
import { createNetwork, type Network } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Load } from "../load.ts";
import type { Side } from "../side.ts";

/** Our streams as a user has them: the public API over the libp2p transport. */
export const oursSide: Side = {
  async produce({ load, consumers }) {
    const network = await createNode([]);
    const producer = network.streams.produce(streamOf(load), { lag: { policy: "wait" } });
    return {
      address: network.addresses.join(),
      ready: async () => {
        await producer.when.subscribed({ atLeast: consumers });
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

  async consume({ load }, address, arrivals) {
    const network = await createNode(address.split(","));
    const consumer = network.streams.consume(streamOf(load));
    const read = async (): Promise<void> => {
      for await (const items of consumer.batches()) {
        for (const item of items) load.received(item, arrivals);
      }
    };
    read().catch((error: unknown) => arrivals.fail(String(error)));
    await consumer.when.subscribed();
    const closing = new AbortController();
    consumer.when.unsubscribed({ signal: closing.signal }).then(
      () => arrivals.fail("the subscription was lost"),
      () => undefined,
    );
    return {
      close: () => {
        closing.abort();
        return network.close();
      },
    };
  },
};

/** Seventeen processes on two cores: one that gets no turn for seconds is not lost. */
const silenceMaxMs = 60_000;

type Node = Network<{
  discovery: ReturnType<typeof discovery>;
  streams: ReturnType<typeof streams>;
}>;

function createNode(seeds: readonly string[]): Promise<Node> {
  return createNetwork({
    network: "bench",
    seeds,
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    connections: { silenceMaxMs },
    services: { discovery: discovery(), streams: streams() },
  });
}

function streamOf({ codec }: Load): StreamDefinition<unknown> {
  return defineStream("bench", { codec });
}
