import { rawCodec } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Delivery, defineStream, streams as streamsService } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const Text = defineStream<string>("text");
const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const got: Item[] = [];
  for await (const item of items) got.push(item);
  return got;
}

describe("a program that sends and ends", () => {
  it("has delivered what it sent when its network is closed", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const consumer = n1.streams.consume(Text);
      const producer = n0.streams.produce(Text);
      for (let number = 0; number < 5; number++) await producer.send(`item ${number}`);
      await n0.close();
      const items: (string | undefined)[] = [];
      for (let number = 0; number < 5; number++) items.push(await consumer.receive());
      expect(items).toEqual(["item 0", "item 1", "item 2", "item 3", "item 4"]);
    }));

  it("knows that its consumers have it when its producer is closed", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const consumer = n1.streams.consume(Bytes);
      const producer = n0.streams.produce(Bytes);
      for (let number = 0; number < 2_000; number++) await producer.send(new Uint8Array(1_000));
      await producer.close();
      expect(consumer.stats).toMatchObject({ items: 2_000, gaps: 0 });
    }));

  it("waits for consumers that have no room, but not for ever", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      n1.streams.consume(Bytes, { windowBytes: 1024 });
      const producer = n0.streams.produce(Bytes);
      for (let number = 0; number < 100; number++) await producer.send(new Uint8Array(100));
      const before = cluster.world.elapsedMs;
      await producer.close();
      expect(cluster.world.elapsedMs - before).toBeCloseTo(2_000, -1);
    }));

  it("can wait until everything has left", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const consumer = n1.streams.consume(Bytes, { windowBytes: 1024 });
      const producer = n0.streams.produce(Bytes);
      await producer.flush();
      for (let number = 0; number < 100; number++) await producer.send(new Uint8Array(100));
      let flushed = false;
      const flush = producer.flush().then(() => {
        flushed = true;
      });
      const stop = new AbortController();
      const aborted = producer.flush({ signal: stop.signal });
      await cluster.sleep(1_000);
      expect(flushed).toBe(false);
      stop.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      for (let number = 0; number < 100; number++) await consumer.receive();
      await cluster.within(3_000, flush);
    }));
});

describe("a producer that is closed", () => {
  it("hands back what it did not take", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const producer = n0.streams.produce(Text);
      const waiting = producer.send("waiting");
      const refused = expect(waiting).rejects.toMatchObject({
        code: "STREAM_CLOSED",
        data: { item: "waiting" },
      });
      await producer.close();
      await refused;
      expect(producer.trySend("late")).toBe("closed");
      await expect(producer.send("late")).rejects.toMatchObject({
        code: "STREAM_CLOSED",
        data: { item: "late" },
      });
      expect([producer.online, producer.consumers.length]).toEqual([false, 0]);
      await producer.when.offline();
    }));

  it("withdraws its offer, and its consumers let it go", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumer = n1.streams.consume(Text);
      const offered = () => n1.discovery.catalog.value.offering("stream.producer", Text.id).length;
      await cluster.within(3_000, consumer.when.subscribed());
      expect(offered()).toBe(1);
      await producer.close();
      await cluster.within(3_000, consumer.when.unsubscribed());
      await cluster.until(() => offered() === 0);
      expect(consumer.refusals.size).toBe(0);
    }));

  it("is closed once, however often it is asked", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const producer = n0.streams.produce(Text);
      await producer.close();
      await producer.close();
      n0.streams.produce(Text);
      await producer.close();
      expect(() => n0.streams.produce(Text)).toThrow(/produced here already/);
    }));

  it("can be asked while it is closing", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      n1.streams.consume(Bytes, { windowBytes: 1024 });
      const producer = n0.streams.produce(Bytes);
      for (let number = 0; number < 100; number++) await producer.send(new Uint8Array(100));
      const closing = producer.close();
      expect(producer.trySend(new Uint8Array())).toBe("closed");
      await Promise.all([closing, producer.close(), n0.close()]);
    }));

  it("is closed at the end of its scope", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      let outside: { trySend(item: string): string };
      {
        await using producer = n0.streams.produce(Text);
        outside = producer;
      }
      expect(outside.trySend("late")).toBe("closed");
    }));
});

describe("a consumer that is closed", () => {
  it("still gives what it had received, then ends every iteration", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const consumer = n1.streams.consume(Text);
      const producer = n0.streams.produce(Text);
      for (const item of ["a", "b", "c"]) await producer.send(item);
      await cluster.until(() => consumer.stats.items === 3);
      await consumer.close();
      expect(await collect(consumer)).toEqual(["a", "b", "c"]);
      expect(await collect(consumer.batches())).toEqual([]);
      expect(await consumer.receive()).toBeUndefined();
    }));

  it("ends those who wait", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const consumer = n0.streams.consume(Text);
      const waiting = [consumer.receive(), collect(consumer), collect(consumer.deliveries())];
      await consumer.close();
      expect(await Promise.all(waiting)).toEqual([undefined, [], []]);
    }));

  it("leaves its producers and withdraws its offer", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, consumer.when.subscribed());
      await consumer.close();
      await cluster.within(3_000, producer.when.unsubscribed());
      const offered = () => n0.discovery.catalog.value.offering("stream.consumer", Text.id).length;
      await cluster.until(() => offered() === 0);
      expect([consumer.online, consumer.producers.length]).toEqual([false, 0]);
    }));

  it("is closed once, however often it is asked", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const consumers = [n1.streams.consume(Text), n1.streams.consume(Text)];
      const producer = n0.streams.produce(Text);
      await cluster.within(3_000, producer.when.subscribed({ atLeast: 2 }));
      await consumers[0]?.close();
      await consumers[0]?.close();
      await cluster.sleep(1_000);
      const offers = n0.discovery.catalog.value.offering("stream.consumer", Text.id);
      expect([producer.consumers.length, offers.length]).toEqual([1, 1]);
    }));

  it("can be closed while it subscribes", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      const consumer = n1.streams.consume(Text);
      await cluster.sleep(3);
      await consumer.close();
      await cluster.sleep(3_000);
      expect([producer.consumers.length, consumer.producers.length]).toEqual([0, 0]);
    }));

  it("is closed at the end of its scope", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      let outside: { receive(): Promise<string | undefined> };
      {
        await using consumer = n0.streams.consume(Text);
        outside = consumer;
      }
      expect(await outside.receive()).toBeUndefined();
    }));
});

describe("a streams service that is closed", () => {
  it("makes no more producers and consumers", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      await n0.close();
      expect(() => n0.streams.produce(Text)).toThrow(/closed/);
      expect(() => n0.streams.consume(Text)).toThrow(/closed/);
    }));
});

describe("options out of range", () => {
  it("are refused at once", () =>
    inCluster(async (cluster) => {
      const { streams } = await cluster.node();
      const wrong = [
        () => streams.produce(Text, { maxConsumers: -1 }),
        () => streams.produce(Text, { lag: { itemsMax: 0 } }),
        () => streams.produce(Text, { lag: { bytesMax: 1.5 } }),
        () => streams.produce(Text, { onlineWhen: { atLeast: -1 } }),
        () => streams.consume(Text, { windowBytes: 1023 }),
        () => streams.consume(Text, { onlineWhen: { atLeast: 0.5 } }),
        () => streams.consume(Text).batches({ max: 0 }),
        () => streams.consume(Text).when.subscribed({ atLeast: -1 }),
        () => streamsService({ closeDeadlineMs: -1 }),
        () => streamsService({ retry: { firstMs: Number.NaN } }),
      ];
      for (const call of wrong) expect(call).toThrow(RangeError);
    }));
});

describe("a subscription that was lost", () => {
  it("is made again at once, and what was sent in between is a gap of exactly that many", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text, { onlineWhen: { atLeast: 0 } });
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, consumer.when.subscribed());
      await producer.send("before");
      await cluster.until(() => consumer.stats.items === 1);
      cluster.memory.change({ connectFailure: 1 });
      cluster.memory.stall(n0.peer, n1.peer);
      await cluster.within(20_000, consumer.when.unsubscribed());
      await cluster.within(20_000, producer.when.unsubscribed());
      for (let number = 0; number < 7; number++) expect(producer.trySend("lost")).toBe("sent");
      cluster.memory.heal();
      cluster.memory.change({ connectFailure: 0 });
      await cluster.within(20_000, consumer.when.subscribed());
      await cluster.within(20_000, producer.when.subscribed());
      await producer.send("after");
      const seen: Delivery<string>[] = [];
      for await (const delivery of consumer.deliveries()) {
        seen.push(delivery);
        if (seen.length === 3) break;
      }
      expect(seen).toMatchObject([
        { kind: "item", item: "before", sequence: 0 },
        { kind: "gap", count: 7, producer: n0.peer },
        { kind: "item", item: "after", sequence: 8 },
      ]);
    }));

  it("is told of a gap of unknown size where the producer itself began anew", () =>
    inCluster(async (cluster) => {
      const consumerNode = await cluster.node();
      const secretKey = new Uint8Array(32).fill(5);
      const first = await cluster.nodeWith({ secretKey });
      const consumer = consumerNode.streams.consume(Text);
      const deliveries = consumer.deliveries()[Symbol.asyncIterator]();
      await cluster.within(3_000, first.streams.produce(Text).send("first"));
      expect((await deliveries.next()).value).toMatchObject({ item: "first", sequence: 0 });
      await first.close();
      await cluster.sleep(100);
      const second = await cluster.nodeWith({ secretKey });
      await cluster.within(3_000, second.streams.produce(Text).send("second"));
      expect((await deliveries.next()).value).toMatchObject({ kind: "gap", count: undefined });
      expect((await deliveries.next()).value).toMatchObject({ item: "second", sequence: 0 });
      expect(consumer.stats.gaps).toBe(0);
    }));

  it("is one subscription still after a hundred losses", () =>
    inCluster(async (cluster) => {
      const consumerNode = await cluster.node();
      const secretKey = new Uint8Array(32).fill(5);
      const consumer = consumerNode.streams.consume(Text);
      for (let round = 0; round < 100; round++) {
        const node = await cluster.nodeWith({ secretKey });
        const producer = node.streams.produce(Text);
        await cluster.within(3_000, producer.send(`round ${round}`));
        expect(await cluster.within(3_000, consumer.receive())).toBe(`round ${round}`);
        expect([producer.consumers.length, consumer.producers.length]).toEqual([1, 1]);
        cluster.kill(node);
        await cluster.within(10_000, consumer.when.unsubscribed());
      }
    }));
});

describe("an item that does not fit the consumer's schema", () => {
  it("ends the subscription as incompatible; it and all behind it are a gap", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
      const Loose = defineStream<unknown>("text");
      const Strict = defineStream("text", { schema: z.string() });
      const producer = n0.streams.produce(Loose, { onlineWhen: { atLeast: 0 } });
      const other = n2.streams.produce(Strict);
      const consumer = n1.streams.consume(Strict);
      await cluster.within(3_000, consumer.when.subscribed({ atLeast: 2 }));
      for (const item of ["good", 42, "never seen", "nor this"]) await producer.send(item);
      await cluster.until(() => consumer.stats.items === 4);
      await other.send("another's");
      await cluster.until(() => consumer.stats.items === 5);
      const deliveries = consumer.deliveries()[Symbol.asyncIterator]();
      const seen = [];
      for (let count = 0; count < 3; count++) seen.push((await deliveries.next()).value);
      expect(seen).toMatchObject([
        { item: "good", producer: n0.peer },
        { kind: "gap", count: 3, producer: n0.peer },
        { item: "another's", producer: n2.peer },
      ]);
      expect(consumer.refusals).toEqual(new Map([[n0.peer, "incompatible"]]));
      await cluster.sleep(25_000);
      expect(consumer.producers.map(({ peer }) => peer)).toEqual([n2.peer]);
      expect(consumer.stats).toMatchObject({ items: 5, gaps: 3 });
    }));
});
