import { describe, expect, it } from "vitest";
import { type Consumer, defineStream, type Producer } from "../src/index.ts";
import { type Cluster, inCluster } from "./cluster.ts";

const Text = defineStream<string>("text");

async function pair(
  cluster: Cluster,
): Promise<{ producer: Producer<string>; consumer: Consumer<string> }> {
  const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
  const producer = n0.streams.produce(Text);
  const consumer = n1.streams.consume(Text);
  await cluster.within(3_000, producer.when.online());
  return { producer, consumer };
}

describe("reading a stream", () => {
  it("is not owning it: after `break` another iteration goes on where it stopped", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      for (const item of ["a", "b", "c", "d"]) await producer.send(item);
      const got: string[] = [];
      for await (const item of consumer) {
        got.push(item);
        if (item === "b") break;
      }
      for await (const item of consumer) {
        got.push(item);
        if (item === "d") break;
      }
      expect(got).toEqual(["a", "b", "c", "d"]);
    }));

  it("gives each item to one of several readers, first come, first served", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      const readers = [consumer.receive(), consumer.receive(), consumer.receive()];
      for (const item of ["a", "b", "c"]) await producer.send(item);
      expect(await Promise.all(readers)).toEqual(["a", "b", "c"]);
    }));

  it("loses nothing where a receive is aborted", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      const stop = new AbortController();
      const aborted = consumer.receive({ signal: stop.signal });
      stop.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      await producer.send("a");
      expect(await consumer.receive()).toBe("a");
      await expect(consumer.receive({ signal: stop.signal })).rejects.toThrow("enough");
    }));

  it("takes what is there without waiting", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      expect(consumer.tryReceive()).toBeUndefined();
      await producer.send("a");
      await cluster.until(() => consumer.stats.items === 1);
      expect([consumer.tryReceive(), consumer.tryReceive()]).toEqual(["a", undefined]);
    }));

  it("comes in lots of what has arrived, no larger than asked for", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      for (let number = 0; number < 10; number++) await producer.send(`${number}`);
      await cluster.until(() => consumer.stats.items === 10);
      const batches = consumer.batches({ max: 4 })[Symbol.asyncIterator]();
      const lots = [await batches.next(), await batches.next(), await batches.next()];
      expect(lots.map(({ value }) => value)).toEqual([
        ["0", "1", "2", "3"],
        ["4", "5", "6", "7"],
        ["8", "9"],
      ]);
    }));

  it("tells where each item comes from, and which one it is", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      const other = await cluster.node();
      await producer.send("a");
      await producer.send("b");
      await cluster.until(() => consumer.stats.items === 2);
      await cluster.within(3_000, other.streams.produce(Text).send("c"));
      const deliveries = consumer.deliveries()[Symbol.asyncIterator]();
      const [a, b, c] = [await deliveries.next(), await deliveries.next(), await deliveries.next()];
      expect([a.value, b.value, c.value]).toMatchObject([
        { kind: "item", item: "a", sequence: 0 },
        { kind: "item", item: "b", sequence: 1 },
        { kind: "item", item: "c", sequence: 0, producer: other.peer },
      ]);
      expect(a.value.producer).toBe(b.value.producer);
    }));

  it("ends for an iterator that was let go", () =>
    inCluster(async (cluster) => {
      const { producer, consumer } = await pair(cluster);
      const iterator = consumer[Symbol.asyncIterator]();
      await iterator.return?.();
      await producer.send("a");
      expect(await iterator.next()).toEqual({ done: true, value: undefined });
      expect(await consumer.receive()).toBe("a");
    }));
});
