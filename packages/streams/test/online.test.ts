import { describe, expect, it } from "vitest";
import { defineStream } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const Text = defineStream<string>("text");

describe("conditions on a consumer's producers", () => {
  it("hold and cease to hold as producers come and go, again and again", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2, n3] = await Promise.all([1, 2, 3, 4].map(() => cluster.node()));
      if (!n0 || !n1 || !n2 || !n3) return;
      const { when } = n0.streams.consume(Text);
      const one = when.subscribed();
      const two = when.subscribed({ atLeast: 2 });
      const met = () => [one.met, two.met, two.inverse().met, when.unsubscribed().met];
      expect(met()).toEqual([false, false, true, true]);
      n1.streams.produce(Text);
      await cluster.within(3_000, one);
      expect(met()).toEqual([true, false, true, false]);
      n2.streams.produce(Text);
      await cluster.within(3_000, two);
      await two; // a condition that holds is met at once, for everybody who asks
      expect(met()).toEqual([true, true, false, false]);
      await n2.close();
      await cluster.within(10_000, two.inverse());
      expect(met()).toEqual([true, false, true, false]);
      n3.streams.produce(Text);
      await cluster.within(3_000, two);
      expect(met()).toEqual([true, true, false, false]);
    }));

  it("decide when it is online", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([
        cluster.node(),
        cluster.node("t1", "t2"),
        cluster.node("t1", "t2"),
      ]);
      const consumer = n0.streams.consume(Text, {
        onlineWhen: { atLeast: 2, tags: ["t1", "t2"] },
      });
      expect(consumer.online).toBe(false);
      n1.streams.produce(Text);
      await cluster.within(3_000, consumer.when.subscribed());
      expect(consumer.online).toBe(false);
      n2.streams.produce(Text);
      await cluster.within(3_000, consumer.when.online());
      await n2.close();
      await cluster.within(10_000, consumer.when.offline());
    }));

  it("are none by default: a consumer is online at once, alone", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const consumer = n0.streams.consume(Text);
      expect(consumer.online).toBe(true);
      await consumer.when.online();
    }));

  it("end when their signal aborts", () =>
    inCluster(async (cluster) => {
      const n0 = await cluster.node();
      const consumer = n0.streams.consume(Text);
      const stop = new AbortController();
      const waiting = Promise.resolve(consumer.when.subscribed({ signal: stop.signal }));
      stop.abort(new Error("enough"));
      await expect(waiting).rejects.toThrow("enough");
    }));
});

describe("conditions on a producer's consumers", () => {
  it("hold and cease to hold as consumers come and go, again and again", () =>
    inCluster(async (cluster) => {
      const [n0, n1, n2] = await Promise.all([cluster.node(), cluster.node("hub"), cluster.node()]);
      const { when } = n0.streams.produce(Text);
      const hub = when.subscribed({ tags: ["hub"] });
      const two = when.subscribed({ atLeast: 2 });
      const n2There = when.subscribed({ where: ({ peer }) => peer === n2.peer });
      const c2 = n2.streams.consume(Text);
      await cluster.within(3_000, n2There);
      expect([hub.met, two.met]).toEqual([false, false]);
      const c1 = n1.streams.consume(Text);
      await cluster.within(3_000, hub);
      expect(two.met).toBe(true);
      await c1.close();
      await cluster.within(3_000, hub.inverse());
      await c2.close();
      await cluster.within(3_000, when.unsubscribed());
      n1.streams.consume(Text);
      await cluster.within(3_000, hub);
    }));

  it("follow the tags of those who stay", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text, { onlineWhen: { tags: ["ready"] } });
      n1.streams.consume(Text);
      await cluster.within(3_000, producer.when.subscribed());
      expect(producer.trySend("too early")).toBe("offline");
      n1.discovery.addTags("ready");
      await cluster.within(3_000, producer.when.online());
      n1.discovery.removeTags("ready");
      await cluster.within(3_000, producer.when.offline());
      expect(producer.consumers).toHaveLength(1);
    }));

  it("decide when it is online, and restrict nobody", () =>
    inCluster(async (cluster) => {
      const [n0, n1, a, b, c, d] = await Promise.all([
        cluster.node(),
        cluster.node(),
        cluster.node(),
        cluster.node(),
        cluster.node("tag2"),
        cluster.node("tag2"),
      ]);
      const Other = defineStream<string>("other");
      const pair = n0.streams.produce(Text, { onlineWhen: { atLeast: 2 } });
      const one = n0.streams.produce(Other);
      const tagged = n1.streams.produce(Text, { onlineWhen: { atLeast: 2, tags: ["tag2"] } });
      const join = ({ streams }: typeof a) => [streams.consume(Text), streams.consume(Other)];
      join(a);
      await cluster.within(3_000, one.when.online());
      await cluster.sleep(500);
      expect([pair.online, tagged.online]).toEqual([false, false]);
      join(b);
      await cluster.within(3_000, pair.when.online());
      join(c);
      await cluster.within(3_000, tagged.when.subscribed({ atLeast: 3 }));
      expect(tagged.online).toBe(false);
      join(d);
      await cluster.within(3_000, tagged.when.online());
      expect(tagged.consumers).toHaveLength(4);
      await d.close();
      await cluster.within(10_000, tagged.when.offline());
    }));

  it("let a send wait while nobody is there", () =>
    inCluster(async (cluster) => {
      const [n0, n1] = await Promise.all([cluster.node(), cluster.node()]);
      const producer = n0.streams.produce(Text);
      expect(producer.trySend("nobody")).toBe("offline");
      let resolved = false;
      const first = producer.send("first").then(() => {
        resolved = true;
      });
      const stop = new AbortController();
      const aborted = producer.send("aborted", { signal: stop.signal });
      const second = producer.send("second");
      await cluster.sleep(2_000);
      expect(resolved).toBe(false);
      stop.abort(new Error("gave up"));
      await expect(aborted).rejects.toThrow("gave up");
      const consumer = n1.streams.consume(Text);
      await cluster.within(3_000, Promise.all([first, second]));
      expect([await consumer.receive(), await consumer.receive()]).toEqual(["first", "second"]);
      expect([producer.consumers.length, consumer.producers.length]).toEqual([1, 1]);
      await consumer.close();
      await cluster.within(3_000, producer.when.offline());
      expect([producer.trySend("gone"), producer.consumers.length]).toEqual(["offline", 0]);
    }));
});
