import { randomUUID } from "node:crypto";
import { type Codec, rawCodec, superjsonCodec } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { type Consumer, defineStream, type Producer } from "@mosaik/streams";
import type { Host } from "../host.ts";
import { bytes, duration } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import { pause } from "../output/repeat.ts";
import type { JoinOptions } from "../settings/common-options.ts";
import { type Streamer, startStreamer } from "../streams/start.ts";
import { percentile, withFleet } from "./fleet.ts";

/** What `bench stream` is told. */
export type StreamBenchOptions = JoinOptions & {
  readonly producers?: number | undefined;
  readonly consumers?: number | undefined;
  readonly size?: number | undefined;
  readonly duration?: number | undefined;
  readonly codec?: "superjson" | "msgpack" | "raw" | undefined;
};

const codecs = { superjson: superjsonCodec, msgpack: msgpackCodec, raw: rawCodec } as const;
/** An item begins with when it was sent: 8 bytes. */
const itemMin = 8;
/** Little waits on the way, or what is measured is mostly the queue. */
const lag = { policy: "wait", itemsMax: 1_024, bytesMax: 1024 * 1024 } as const;
/** How often it is asked whether items arrive. */
const lookMs = 10;
/** Latencies that are kept: one of each lot that arrives. */
const latenciesMax = 1_000_000;

/** Measures items from producers to consumers, each a node of its own in the network. */
export async function benchStream(host: Host, options: StreamBenchOptions): Promise<void> {
  const printer = new Printer(host, options);
  const { producers = 1, consumers = 3, codec = "superjson", size = 256 } = options;
  const ms = options.duration ?? 10_000;
  const definition = defineStream<unknown>(`mosaik.bench.${randomUUID()}`, {
    codec: codecs[codec] as Codec<unknown>, // each takes what `itemOf` makes
  });
  const count = producers + consumers;
  await withFleet<Streamer>(host, options, count, startStreamer, async (nodes, joined) => {
    const out = nodes.slice(0, producers).map((node) => node.streams.produce(definition, { lag }));
    const into = nodes.slice(producers).map((node) => node.streams.consume(definition));
    const readings = into.map(read);
    const { deadline } = joined;
    await Promise.all(
      out.map((one) => one.when.subscribed({ atLeast: consumers, signal: deadline })),
    );
    say(host, options, `${producers} producers, ${consumers} consumers, for ${duration(ms)}`);
    const over = new AbortController();
    const sending = out.map((one) => send(one, codec, size, over.signal));
    while (readings.some(({ items }) => items === 0)) await pause(lookMs, deadline);
    const before = readings.map(({ items }) => items);
    const from = performance.now();
    await pause(ms, joined.signal).finally(() => over.abort());
    const tookMs = performance.now() - from;
    const items = readings.reduce((sum, one, at) => sum + one.items - (before[at] ?? 0), 0);
    await Promise.allSettled(sending);
    const latencies = readings.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
    const facts = {
      ...{ producers, consumers, codec, size, items },
      itemsPerSecond: Math.round((items * 1_000) / tookMs),
      bytesPerSecond: Math.round((items * size * 1_000) / tookMs),
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
    };
    printer.one(facts, () => [
      [{ text: `${facts.itemsPerSecond} items/s arrive, ${bytes(facts.bytesPerSecond)}/s` }],
      [{ text: `half within ${duration(facts.p50Ms)}, 99 of 100 within ${duration(facts.p99Ms)}` }],
    ]);
  });
}

async function send(
  producer: Producer<unknown>,
  codec: keyof typeof codecs,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) await producer.send(itemOf(codec, size), { signal });
}

function itemOf(codec: keyof typeof codecs, size: number): unknown {
  const at = performance.now();
  if (codec !== "raw") return { at, fill: "x".repeat(Math.max(0, size - itemMin)) };
  const item = new Uint8Array(Math.max(itemMin, size));
  new DataView(item.buffer).setFloat64(0, at);
  return item;
}

interface Reading {
  items: number;
  readonly latencies: number[];
}

function read(consumer: Consumer<unknown>): Reading {
  const reading: Reading = { items: 0, latencies: [] };
  void (async () => {
    for await (const batch of consumer.batches()) {
      reading.items += batch.length;
      const [first] = batch;
      if (reading.latencies.length < latenciesMax) {
        reading.latencies.push(performance.now() - sentAt(first));
      }
    }
  })();
  return reading;
}

function sentAt(item: unknown): number {
  if (item instanceof Uint8Array) {
    return new DataView(item.buffer, item.byteOffset, item.byteLength).getFloat64(0);
  }
  const { at } = item as { readonly at: number }; // as `itemOf` made it
  return at;
}
