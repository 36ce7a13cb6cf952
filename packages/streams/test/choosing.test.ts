import { describe, expect, it } from "vitest";
import { defineStream, type PeerPredicate } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const Text = defineStream<string>("text");
const tagged =
  (...tags: readonly string[]): PeerPredicate =>
  (peer) =>
    tags.every((tag) => peer.tags.has(tag));

describe("a consumer", () => {
  it("subscribes only to producers that its predicate takes", () =>
    inCluster(async (cluster) => {
      const [n0, both, one, other] = await Promise.all([
        cluster.node(),
        cluster.node("tag1", "tag2"),
        cluster.node("tag1"),
        cluster.node("tag3"),
      ]);
      for (const { streams } of [both, one, other]) streams.produce(Text);
      const consumer = n0.streams.consume(Text, { from: tagged("tag1", "tag2") });
      await cluster.within(3_000, consumer.when.subscribed());
      await cluster.sleep(2_000);
      expect(consumer.producers.map(({ peer }) => peer)).toEqual([both.peer]);
      expect(consumer.refusals).toEqual(
        new Map([
          [one.peer, "not-wanted"],
          [other.peer, "not-wanted"],
        ]),
      );
    }));

  it("has rules of its own, whatever other consumers of its node have", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([
        cluster.node(),
        cluster.node("tag1", "tag2"),
        cluster.node("tag4", "tag5"),
      ]);
      const [p1, p2] = [n1.streams.produce(Text), n2.streams.produce(Text)];
      const picky = n0.streams.consume(Text, { from: tagged("tag2") });
      const open = n0.streams.consume(Text);
      await cluster.within(3_000, open.when.subscribed({ atLeast: 2 }));
      await cluster.within(3_000, picky.when.subscribed());
      await cluster.sleep(1_000);
      expect(picky.producers.map(({ peer }) => peer)).toEqual([n1.peer]);
      expect([p1.consumers.length, p2.consumers.length]).toEqual([2, 1]);
    }));

  it("asks again when tags change: leaves whom it took, takes whom it had left", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([
        cluster.node(),
        cluster.node("leader"),
        cluster.node("follower"),
      ]);
      for (const { streams } of [n1, n2]) streams.produce(Text);
      const consumer = n0.streams.consume(Text, { from: tagged("leader") });
      await cluster.within(3_000, consumer.when.subscribed());
      expect(consumer.producers.map(({ peer }) => peer)).toEqual([n1.peer]);
      n1.discovery.removeTags("leader");
      await cluster.within(3_000, consumer.when.unsubscribed());
      n2.discovery.addTags("leader");
      await cluster.within(3_000, consumer.when.subscribed());
      await cluster.sleep(1_000);
      expect(consumer.producers.map(({ peer }) => peer)).toEqual([n2.peer]);
    }));

  it("measures the round trip before it decides by it", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n1.streams.produce(Text);
      const near = n0.streams.consume(Text, {
        from: ({ rttMs }) => rttMs !== undefined && rttMs < 5_000,
      });
      await cluster.within(5_000, producer.send("hello"));
      expect(await near.receive()).toBe("hello");
    }));

  it("never subscribes to a producer that is too far", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n1.streams.produce(Text);
      const far = n0.streams.consume(Text, { from: ({ rttMs = 1e9 }) => rttMs < 1e-6 });
      let subscribed = false;
      far.when.subscribed().then(() => {
        subscribed = true;
      });
      await cluster.sleep(3_000);
      expect([subscribed, far.producers.length, producer.consumers.length]).toEqual([false, 0, 0]);
      expect(far.refusals.get(n1.peer)).toBe("not-wanted");
    }));

  it("takes no producer where its predicate throws", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      n1.streams.produce(Text);
      const consumer = n0.streams.consume(Text, {
        from: () => {
          throw new Error("a bug of the user's");
        },
      });
      await cluster.sleep(2_000);
      expect(consumer.refusals.get(n1.peer)).toBe("not-wanted");
    }));
});

describe("a producer", () => {
  it("accepts only consumers that its predicate takes", () =>
    inCluster(async (cluster) => {
      const [n0, both, one, other] = await Promise.all([
        cluster.node(),
        cluster.node("tag1", "tag2"),
        cluster.node("tag1"),
        cluster.node("tag3"),
      ]);
      const producer = n0.streams.produce(Text, { accept: tagged("tag1", "tag2") });
      const consumers = [both, one, other].map(({ streams }) => streams.consume(Text));
      await cluster.within(3_000, producer.when.subscribed());
      await cluster.sleep(2_000);
      expect(producer.consumers.map(({ peer }) => peer)).toEqual([both.peer]);
      expect(consumers.map((consumer) => consumer.producers.length)).toEqual([1, 0, 0]);
      expect(consumers[1]?.refusals.get(n0.peer)).toBe("not-allowed");
    }));

  it("has rules of its own, whatever other producers have", () =>
    inCluster(async (cluster) => {
      const [n1, n2, n3, n4] = await Promise.all([
        cluster.node(),
        cluster.node(),
        cluster.node("tag1", "tag2"),
        cluster.node("tag3", "tag4"),
      ]);
      const picky = n1.streams.produce(Text, { accept: tagged("tag2") });
      const open = n2.streams.produce(Text);
      const [c3, c4] = [n3.streams.consume(Text), n4.streams.consume(Text)];
      await cluster.within(3_000, open.when.subscribed({ atLeast: 2 }));
      await cluster.within(3_000, picky.when.subscribed());
      await cluster.sleep(1_000);
      expect(picky.consumers.map(({ peer }) => peer)).toEqual([n3.peer]);
      expect([c3.producers.length, c4.producers.length]).toEqual([2, 1]);
    }));

  it("asks again when tags change, and takes back whom it had refused", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node("trusted")]);
      const producer = n0.streams.produce(Text, { accept: tagged("trusted") });
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, consumer.when.subscribed());
      n1.discovery.removeTags("trusted");
      await cluster.within(3_000, producer.when.unsubscribed());
      await cluster.within(3_000, consumer.when.unsubscribed());
      expect(consumer.refusals.get(n0.peer)).toBe("not-allowed");
      n1.discovery.addTags("trusted");
      await cluster.within(3_000, producer.when.subscribed());
    }));

  it("knows the round trip when it decides", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const accept: PeerPredicate = ({ rttMs }) => rttMs !== undefined && rttMs < 5_000;
      const producer = n0.streams.produce(Text, { accept });
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, producer.send("hello"));
      expect(await consumer.receive()).toBe("hello");
    }));

  it("refuses who is too far", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text, { accept: ({ rttMs = 1e9 }) => rttMs < 1e-6 });
      const consumer = n1.streams.consume(Text);
      await cluster.sleep(3_000);
      expect([producer.consumers.length, consumer.producers.length]).toEqual([0, 0]);
      expect(consumer.refusals.get(n0.peer)).toBe("not-allowed");
    }));

  it("takes no more consumers than it says, and the next one when a place is free", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text, { maxConsumers: 1 });
      const c1 = n1.streams.consume(Text);
      await cluster.within(3_000, producer.when.subscribed());
      const c2 = n2.streams.consume(Text);
      await cluster.sleep(3_000);
      expect(producer.consumers).toHaveLength(1);
      expect(c2.refusals.get(n0.peer)).toBe("no-capacity");
      await c1.close();
      await cluster.within(15_000, c2.when.subscribed());
    }));

  it("refuses consumers of another codec or version as incompatible, until it changes", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const old = n0.streams.produce(defineStream<string>("text", { version: 1 }));
      const consumer = n1.streams.consume(defineStream<string>("text", { version: 2 }));
      await cluster.sleep(25_000);
      expect(consumer.refusals).toEqual(new Map([[n0.peer, "incompatible"]]));
      await old.close();
      await cluster.sleep(200);
      const fresh = n0.streams.produce(defineStream<string>("text", { version: 2 }));
      await cluster.within(3_000, fresh.send("hello"));
      expect(await consumer.receive()).toBe("hello");
    }));

  it("is asked again in a while where its change cannot be seen in the catalog", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const old = n0.streams.produce(defineStream<string>("text", { version: 1 }));
      const consumer = n1.streams.consume(defineStream<string>("text", { version: 2 }));
      await cluster.until(() => consumer.refusals.get(n0.peer) === "incompatible");
      await old.close();
      const fresh = n0.streams.produce(defineStream<string>("text", { version: 2 }));
      await cluster.within(95_000, fresh.send("hello"));
      expect(await consumer.receive()).toBe("hello");
    }));

  it("is one for each stream of a node: a second one is told of the first", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const first = n0.streams.produce(Text, { accept: tagged("a") });
      const again = () => n0.streams.produce(Text, { accept: tagged("b") });
      expect(again).toThrow(
        expect.objectContaining({ code: "STREAM_EXISTS", data: { producer: first } }),
      );
      await first.close();
      expect(again().definition.id).toBe(first.definition.id);
    }));
});
