import { discovery } from "@mosaik/discovery";
import { type Consumer, defineStream, type StreamDefinition, streams } from "@mosaik/streams";
import { createNetwork, type Network, type NetworkInit } from "@mosaik/transport";
import type { Arrivals } from "../arrivals.ts";
import type { Load } from "../load.ts";
import type { Sender } from "../side.ts";

const services = { discovery: discovery(), streams: streams() };

/** A node of the benchmark. */
export type Node = Network<typeof services>;

/** Starts a node with streams. */
export function createNode(
  init: Pick<NetworkInit<object>, "seeds" | "transport" | "connections">,
): Promise<Node> {
  return createNetwork({ network: "bench", ...init, services });
}

/** The stream of a load. */
export function streamOf({ codec }: Load): StreamDefinition<unknown> {
  return defineStream("bench", { codec });
}

/** Produces at a node; `isReady` once all consumers are there. */
export function sendFrom(
  node: Node,
  init: { load: Load; address: string; consumers: number; isReady?: () => void },
): Sender {
  const { load, address, consumers, isReady } = init;
  const producer = node.streams.produce(streamOf(load), { lag: { policy: "wait" } });
  return {
    address,
    ready: async () => {
      await producer.when.subscribed({ atLeast: consumers });
      isReady?.();
    },
    offer: (number, mark) => {
      const outcome = producer.trySend(load.item(number, mark));
      if (outcome !== "sent" && outcome !== "full") throw new Error(`the producer is ${outcome}`);
      return outcome === "sent";
    },
    send: (number, mark) => producer.send(load.item(number, mark)),
    flush: () => undefined, // it sends at the end of the turn by itself
    close: () => node.close(),
  };
}

/** Tells `arrivals` of each item that comes; ready once it is subscribed. */
export async function receiveAt(
  node: Node,
  load: Load,
  arrivals: Arrivals,
): Promise<Consumer<unknown>> {
  const consumer = node.streams.consume(streamOf(load));
  const read = async (): Promise<void> => {
    for await (const items of consumer.batches()) {
      for (const item of items) load.received(item, arrivals);
    }
  };
  read().catch((error: unknown) => arrivals.fail(String(error)));
  await consumer.when.subscribed();
  return consumer;
}
