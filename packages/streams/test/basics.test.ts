import { rawCodec, streamId } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Consumer, defineStream } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const Text = defineStream<string>("text");
const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });

async function take<Item>(consumer: Consumer<Item>, count: number): Promise<(Item | undefined)[]> {
  const items: (Item | undefined)[] = [];
  while (items.length < count) items.push(await consumer.receive());
  return items;
}

describe("a stream", () => {
  it("reaches every consumer, in order, with every item", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumers = [n1.streams.consume(Text), n2.streams.consume(Text)];
      await cluster.within(3_000, producer.when.subscribed({ atLeast: 2 }));
      const items = Array.from({ length: 100 }, (_, index) => `item ${index}`);
      for (const item of items) await producer.send(item);
      for (const consumer of consumers) {
        expect(await cluster.within(3_000, take(consumer, 100))).toEqual(items);
        expect(consumer.stats.items).toBe(100);
        expect(consumer.producers[0]?.items).toBe(100);
      }
    }));

  it("needs no acquaintance: the consumer's own entry comes with the subscription", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([
        cluster.nodeWith({ tags: ["tag1", "tag2"], knows: "nobody" }),
        cluster.nodeWith({ tags: ["hub"], knows: "nobody" }),
      ]);
      const producer = n0.streams.produce(Text, { accept: (peer) => peer.tags.has("hub") });
      const consumer = n1.streams.consume(Text);
      expect(n0.discovery.catalog.value.peers.size).toBe(0);
      n1.discovery.feed(n0.discovery.signedEntry);
      await cluster.within(3_000, consumer.when.subscribed({ tags: ["tag1", "tag2"] }));
      expect(n0.discovery.catalog.value.peers.has(n1.peer)).toBe(true);
      expect(producer.consumers.map(({ peer }) => peer)).toEqual([n1.peer]);
    }));

  it("is kept apart from others of the same type between the same two nodes", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const One = defineStream<string>("stream1234");
      const Two = defineStream<string>("stream5678");
      const producers = [n0.streams.produce(One), n0.streams.produce(Two)];
      const consumers = [n1.streams.consume(One), n1.streams.consume(Two)];
      await cluster.within(3_000, producers[0]?.send("one") ?? Promise.reject());
      await cluster.within(3_000, producers[1]?.send("two") ?? Promise.reject());
      expect(await consumers[0]?.receive()).toBe("one");
      expect(await consumers[1]?.receive()).toBe("two");
      await cluster.sleep(1_000);
      expect(consumers.map((consumer) => consumer.stats.items)).toEqual([1, 1]);
    }));

  it("is known at both ends by the digest of its name", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, producer.send("hello"));
      expect(await consumer.receive()).toBe("hello");
      expect(producer.definition.id).toBe(streamId("text"));
      expect(producer.consumers[0]?.stream).toBe(streamId("text"));
      expect(consumer.producers[0]?.stream).toBe(streamId("text"));
    }));

  it("carries several consumers of one node, each with its own copy", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text, { onlineWhen: { atLeast: 3 } });
      const consumers = [1, 2, 3].map(() => n1.streams.consume(Text));
      await cluster.within(3_000, producer.send("to all"));
      for (const consumer of consumers) expect(await consumer.receive()).toBe("to all");
      expect(producer.consumers).toHaveLength(3);
    }));

  it("keeps dates, checks items at the producer, and hands a bad one back", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const Reading = defineStream("reading", {
        schema: z.object({ celsius: z.number(), at: z.date() }),
      });
      const producer = n0.streams.produce(Reading);
      const consumer = n1.streams.consume(Reading);
      const item = { celsius: 21.5, at: new Date(0) };
      await cluster.within(3_000, producer.send(item));
      expect(await consumer.receive()).toEqual(item);
      const bad = { celsius: "warm", at: new Date(0) } as unknown as typeof item; // what a user may do
      expect(() => producer.trySend(bad)).toThrow(
        expect.objectContaining({ code: "STREAM_ITEM_INVALID" }),
      );
      await expect(producer.send(bad)).rejects.toMatchObject({
        code: "STREAM_ITEM_INVALID",
        data: { item: bad },
      });
      expect(producer.trySend(item)).toBe("sent");
    }));

  it("takes items up to 4 MiB, larger than any window, and refuses larger ones", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Bytes);
      const consumer = n1.streams.consume(Bytes, { windowBytes: 1024 });
      const large = new Uint8Array(4 * 1024 * 1024).fill(7);
      await cluster.within(3_000, producer.send(large));
      await producer.send(Uint8Array.of(1));
      await producer.send(large);
      expect((await consumer.receive())?.byteLength).toBe(large.byteLength);
      expect(await consumer.receive()).toEqual(Uint8Array.of(1));
      expect(await consumer.receive()).toEqual(large);
      const larger = new Uint8Array(4 * 1024 * 1024 + 1);
      expect(() => producer.trySend(larger)).toThrow(
        expect.objectContaining({ code: "STREAM_ITEM_TOO_LARGE" }),
      );
    }));
});

describe("the figures of a subscription", () => {
  it("are the same at both ends of each link", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Bytes);
      expect(producer.consumers).toEqual([]);
      const c1 = n1.streams.consume(Bytes);
      await cluster.within(3_000, producer.when.subscribed());
      await cluster.within(3_000, c1.when.subscribed());
      expect(producer.consumers[0]).toMatchObject({ peer: n1.peer, items: 0, bytes: 0 });
      expect(c1.producers[0]).toMatchObject({ peer: n0.peer, items: 0, bytes: 0 });
      await producer.send(Uint8Array.of(1, 2, 3, 4, 5));
      await c1.receive();
      const c2 = n2.streams.consume(Bytes);
      await cluster.within(3_000, producer.when.subscribed({ atLeast: 2 }));
      await producer.send(new Uint8Array(6));
      await Promise.all([c1.receive(), c2.receive()]);
      const at = (peer: string) => producer.consumers.find((other) => other.peer === peer);
      expect(at(n1.peer)).toMatchObject({ items: 2, bytes: 11, dropped: 0 });
      expect(at(n2.peer)).toMatchObject({ items: 1, bytes: 6, dropped: 0 });
      expect(c1.producers[0]).toMatchObject({ items: 2, bytes: 11, dropped: 0 });
      expect(c2.producers[0]).toMatchObject({ items: 1, bytes: 6, dropped: 0 });
    }));

  it("are kept for each producer, and in total", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
      const consumer = n0.streams.consume(Bytes);
      const item = new Uint8Array(6);
      const p1 = n1.streams.produce(Bytes);
      await cluster.within(3_000, p1.send(item));
      const p2 = n2.streams.produce(Bytes);
      await cluster.within(3_000, p2.send(item));
      await p1.send(item);
      await cluster.within(3_000, take(consumer, 3));
      const of = (peer: string) => consumer.producers.find((other) => other.peer === peer);
      expect(of(n1.peer)).toMatchObject({ items: 2, bytes: 12 });
      expect(of(n2.peer)).toMatchObject({ items: 1, bytes: 6 });
      expect(consumer.stats).toEqual({ items: 3, bytes: 18, gaps: 0 });
    }));

  it("count the time since a subscription was established", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, consumer.when.subscribed());
      await cluster.sleep(5_000);
      for (const { uptimeMs } of [...producer.consumers, ...consumer.producers]) {
        expect(Math.abs(uptimeMs - 5_000)).toBeLessThan(50);
      }
    }));
});
