import { discovery } from "@mosaik/discovery";
import { rawCodec } from "@mosaik/primitives";
import { type Replays, replay } from "@mosaik/store";
import { type Consumer, defineStream, type Producer, type Streams, streams } from "@mosaik/streams";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Answers } from "../processes/calls.ts";
import { serveCalls } from "../processes/serve.ts";
import type { ReplayCalls } from "./replay-calls.ts";

const Live = defineStream<Uint8Array>("bench.live", { codec: rawCodec });
const Kept = defineStream<Uint8Array>("bench.kept", { codec: rawCodec });

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

/** Sends items once somebody takes them. */
async function sendAll(to: Producer<Uint8Array>, items: number, bytes: number): Promise<void> {
  const item = new Uint8Array(bytes).fill(7);
  await to.when.subscribed();
  for (let sent = 0; sent < items; sent++) {
    if (to.trySend(item) !== "sent") await to.send(item);
  }
  await to.flush();
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
  keep: async ({ items, bytes }) => {
    const limits = { items: 100_000_000, bytes: 1024 * 1024 * 1024 };
    await opened(node).replay.keep(Kept, limits);
    const kept = opened(node).streams.produce(Kept, { lag: { policy: "wait" } });
    await sendAll(kept, items, bytes);
    return null;
  },
  send: async ({ items, bytes }) => {
    producer ??= opened(node).streams.produce(Live, { lag: { policy: "wait" } });
    await sendAll(producer, items, bytes);
    return null;
  },
  live: async ({ items }) => {
    consumer ??= opened(node).streams.consume(Live);
    return count(consumer.batches(), items, "first");
  },
  replay: async ({ items }) => {
    const reader = opened(node).replay.consume(Kept, { from: { last: items } });
    const perSecond = await count(reader.batches(), items, "call");
    const { replayed, gaps } = reader.stats;
    if (gaps > 0 || replayed < items) throw new Error(`${gaps} missing, ${replayed} replayed`);
    await reader.close();
    return perSecond;
  },
};

serveCalls<ReplayCalls>(async () => answers, ["send", "live", "replay"]);
