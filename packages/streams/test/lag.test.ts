import { rawCodec } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { type Consumer, defineStream, type LagOptions } from "../src/index.ts";
import { Account, itemBytes, numbered, numberOf } from "./account.ts";
import { type Cluster, inCluster, type Node } from "./cluster.ts";

const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });
/** Reads all the time; what it got can be looked at. */
function readAll(consumer: Consumer<Uint8Array>): number[] {
  const got: number[] = [];
  void (async () => {
    for await (const item of consumer) got.push(numberOf(item));
  })();
  return got;
}

/** A producer with a consumer that reads and one that does not. */
async function pair(cluster: Cluster, lag: LagOptions, windowBytes = 10_000) {
  const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
  const producer = n0.streams.produce(Bytes, { lag });
  const reading = n1.streams.consume(Bytes);
  const stuck = n2.streams.consume(Bytes, { windowBytes });
  await cluster.within(3_000, producer.when.subscribed({ atLeast: 2 }));
  return { producer, reading, stuck, n1, n2 };
}

/** Sends items a hundred a millisecond; returns how many were taken. */
async function flood(
  cluster: Cluster,
  producer: ReturnType<Node["streams"]["produce"]>,
  count: number,
): Promise<number> {
  let sent = 0;
  for (let number = 0; number < count; number++) {
    if (producer.trySend(numbered(number)) === "sent") sent++;
    if (number % 100 === 99) await cluster.sleep(1);
  }
  return sent;
}

describe("a consumer that does not read", () => {
  it("holds no more than its window, however much is sent", () =>
    inCluster(async (cluster) => {
      const { producer, stuck } = await pair(cluster, { policy: "drop-oldest", itemsMax: 10 });
      await flood(cluster, producer, 5_000);
      await cluster.sleep(1_000);
      const windowItems = Math.floor(10_000 / (itemBytes + 32));
      expect(stuck.stats.items).toBe(windowItems);
      expect(producer.consumers.find(({ items }) => items === windowItems)).toBeDefined();
    }));

  it("is disconnected as too slow, by default, while the others get everything", () =>
    inCluster(async (cluster) => {
      const { producer, reading, stuck, n1, n2 } = await pair(cluster, { itemsMax: 1_000 });
      const got = readAll(reading);
      const lost = cluster.within(3_000, stuck.when.unsubscribed());
      expect(await flood(cluster, producer, 5_000)).toBe(5_000);
      await lost;
      expect(stuck.refusals.size + stuck.producers.length).toBe(1);
      await cluster.until(() => got.length === 5_000);
      expect(got).toEqual(Array.from({ length: 5_000 }, (_, number) => number));
      expect(producer.consumers.some(({ peer }) => peer === n1.peer)).toBe(true);
      expect(n2.peer).not.toBe(n1.peer);
    }));

  it("does not fill its memory by coming back: it waits until it has been read", () =>
    inCluster(async (cluster) => {
      const { producer, stuck, n1 } = await pair(cluster, { itemsMax: 100 });
      for (let minute = 0; minute < 5; minute++) {
        await flood(cluster, producer, 1_000);
        await cluster.sleep(60_000);
      }
      expect(stuck.stats.items).toBe(Math.floor(10_000 / (itemBytes + 32)));
      expect([...stuck.refusals.values()]).toEqual(["too-slow"]);
      expect(producer.consumers.map(({ peer }) => peer)).toEqual([n1.peer]);
    }));

  it("is waited for where it is the only one, for a second", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Bytes, { lag: { itemsMax: 50 } });
      const consumer = n1.streams.consume(Bytes, { windowBytes: 10_000 });
      await cluster.within(3_000, consumer.when.subscribed());
      const windowItems = Math.floor(10_000 / (itemBytes + 32));
      expect(await flood(cluster, producer, 1_000)).toBe(windowItems + 50);
      expect(producer.trySend(numbered(0))).toBe("full");
      await cluster.sleep(900);
      expect(producer.consumers).toHaveLength(1);
      await cluster.within(200, producer.when.offline());
      expect(producer.trySend(numbered(0))).toBe("offline");
    }));

  it("sets the pace where it is the only one and slow, and loses nothing", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Bytes, { lag: { itemsMax: 50 } });
      const consumer = n1.streams.consume(Bytes, { windowBytes: 10_000 });
      const sending = (async () => {
        for (let number = 0; number < 500; number++) await producer.send(numbered(number));
      })();
      for (let number = 0; number < 500; number++) {
        expect(numberOf((await consumer.receive()) ?? new Uint8Array(4))).toBe(number);
        await cluster.sleep(20);
      }
      await sending;
      expect(consumer.stats).toMatchObject({ items: 500, gaps: 0 });
      expect(cluster.world.elapsedMs).toBeGreaterThan(10_000);
    }));

  it("comes back after it was too slow, and is told exactly what it missed", () =>
    inCluster(async (cluster) => {
      const { producer, stuck } = await pair(cluster, { itemsMax: 100 });
      await flood(cluster, producer, 2_000);
      expect(stuck.producers).toEqual([]);
      const account = new Account(stuck);
      await cluster.within(30_000, stuck.when.subscribed());
      await producer.send(numbered(2_000));
      await cluster.until(() => account.book.next === 2_001, 30_000);
      const { items, missed } = account.book;
      expect([account.faults, items + missed]).toEqual([[], 2_001]);
      expect(stuck.stats).toMatchObject({ items, gaps: missed });
    }));

  it("loses its oldest items under drop-oldest, and is told how many, in their place", () =>
    inCluster(async (cluster) => {
      const lag = { policy: "drop-oldest", itemsMax: 50 } as const;
      const { producer, reading, stuck, n2 } = await pair(cluster, lag);
      const got = readAll(reading);
      expect(await flood(cluster, producer, 3_000)).toBe(3_000);
      const account = new Account(stuck);
      await cluster.until(() => account.book.next === 3_000);
      expect([account.faults, got.length]).toEqual([[], 3_000]);
      const windowItems = Math.floor(10_000 / (itemBytes + 32));
      expect(account.book.events).toEqual([
        `items 0 to ${windowItems - 1}`,
        `gap ${3_000 - windowItems - 50}`,
        `items ${3_000 - 50} to 2999`,
      ]);
      const { items, missed: dropped } = account.book;
      const [there] = producer.consumers.filter(({ peer }) => peer === n2.peer);
      const [here] = stuck.producers;
      expect(here).toMatchObject({ dropped, items });
      expect(there).toMatchObject({ dropped, items });
      expect(there?.bytes).toBe(here?.bytes);
    }));

  it("makes everybody wait under the wait policy, and nobody loses anything", () =>
    inCluster(async (cluster) => {
      const lag = { policy: "wait", itemsMax: 50 } as const;
      const { producer, reading, stuck } = await pair(cluster, lag);
      const got = readAll(reading);
      const windowItems = Math.floor(10_000 / (itemBytes + 32));
      const room = windowItems + 50;
      expect(await flood(cluster, producer, 1_000)).toBe(room);
      expect(producer.trySend(numbered(0))).toBe("full");
      let sent = false;
      const waiting = producer.send(numbered(room)).then(() => {
        sent = true;
      });
      await cluster.sleep(5_000);
      expect(sent).toBe(false);
      const rest = readAll(stuck);
      await cluster.within(3_000, waiting);
      for (let number = room + 1; number < 1_000; number++) await producer.send(numbered(number));
      await cluster.until(() => rest.length === 1_000 && got.length === 1_000);
      expect(rest).toEqual(Array.from({ length: 1_000 }, (_, number) => number));
      expect(got).toEqual(rest);
    }));

  it("delays nobody once it is gone", () =>
    inCluster(async (cluster) => {
      const { producer, stuck } = await pair(cluster, { policy: "wait", itemsMax: 10 });
      await flood(cluster, producer, 1_000);
      const waiting = producer.send(numbered(0));
      await stuck.close();
      await cluster.within(3_000, waiting);
    }));
});

describe("a producer that never yields", () => {
  it("is full before it makes its consumers look slow", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Bytes);
      const consumer = n1.streams.consume(Bytes);
      const got = readAll(consumer);
      await cluster.within(3_000, producer.when.online());
      let sent = 0;
      while (producer.trySend(numbered(sent)) === "sent") sent++;
      expect(sent).toBe(32_768);
      const total = 100_000;
      for (; sent < total; sent++) await producer.send(numbered(sent));
      await cluster.until(() => got.length === total, 10_000);
      expect(consumer.stats.gaps).toBe(0);
    }));
});
