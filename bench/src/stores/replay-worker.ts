import { discovery } from "@mosaik/discovery";
import { rawCodec } from "@mosaik/primitives";
import { type Replays, replay } from "@mosaik/store";
import { type Consumer, defineStream, type Producer, type Streams, streams } from "@mosaik/streams";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Answers } from "../processes/calls.ts";
import { serveCalls } from "../processes/serve.ts";
import type { ReplayCalls } from "./replay-calls.ts";

const Bytes = defineStream<Uint8Array>("bench.bytes", { codec: rawCodec });

let node: { readonly streams: Streams; readonly replay: Replays } | undefined;
let producer: Producer<Uint8Array> | undefined;
let consumer: Consumer<Uint8Array> | undefined;

function opened<Handle>(handle: Handle | undefined): Handle {
  if (handle === undefined) throw new Error("the node is not open");
  return handle;
}

/** Counts items until there are so many; answers items a second. */
async function count(
  batches: AsyncIterable<readonly Uint8Array[]>,
  items: number,
  from: "call" | "first",
): Promise<number> {
  let begin = performance.now();
  let taken = 0;
  for await (const batch of batches) {
    if (taken === 0 && from === "first") begin = performance.now();
    taken += batch.length;
    if (taken >= items) break;
  }
  return (taken * 1_000) / (performance.now() - begin);
}

const answers: Answers<ReplayCalls> = {
  open: async ({ seeds }) => {
    const network = await createNetwork({
      network: "bench",
      seeds,
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
      services: { discovery: discovery(), streams: streams(), replay: replay() },
    });
    node = network;
    return network.invite();
  },
  keep: async () => {
    const limits = { items: 100_000_000, bytes: 1024 * 1024 * 1024 };
    await producer?.when.unsubscribed();
    await opened(node).replay.keep(Bytes, limits);
    return null;
  },
  send: async ({ items, bytes }) => {
    producer ??= opened(node).streams.produce(Bytes, { lag: { policy: "wait" } });
    const item = new Uint8Array(bytes).fill(7);
    await producer.when.subscribed();
    for (let sent = 0; sent < items; sent++) {
      if (producer.trySend(item) !== "sent") await producer.send(item);
    }
    await producer.flush();
    return null;
  },
  live: async ({ items }) => {
    consumer ??= opened(node).streams.consume(Bytes);
    return count(consumer.batches(), items, "first");
  },
  leave: async () => {
    await consumer?.close();
    return null;
  },
  replay: async ({ items }) => {
    const reader = opened(node).replay.consume(Bytes, { from: { last: items } });
    const perSecond = await count(reader.batches(), items, "call");
    const { replayed, gaps } = reader.stats;
    if (gaps > 0 || replayed < items) throw new Error(`${gaps} missing, ${replayed} replayed`);
    await reader.close();
    return perSecond;
  },
};

serveCalls<ReplayCalls>(async () => answers, ["send", "live", "replay"]);
