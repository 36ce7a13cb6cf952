import { encodeId } from "@mosaik/primitives";
import { type CloseReason, frame, frameKinds, type Link } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { defineStream } from "../src/index.ts";
import { type StreamMessage, StreamProtocol } from "../src/wire.ts";
import { type Cluster, inCluster, type ManualNode } from "./cluster.ts";

const Text = defineStream<string>("text");

/** A link whose messages and end are noted. */
class Noted {
  readonly messages: StreamMessage[] = [];
  reason: CloseReason | undefined;
  readonly link: Link<StreamMessage>;

  constructor(link: Link<StreamMessage>) {
    this.link = link;
    link.listen({
      message: (message) => void this.messages.push(message),
      data: () => {},
      closed: (reason) => {
        this.reason = reason;
      },
    });
  }
}

function subscribe(node: ManualNode): StreamMessage & { readonly kind: "subscribe" } {
  return {
    kind: "subscribe",
    stream: encodeId(Text.id),
    codec: Text.codec.id,
    version: 1,
    window: 4096,
    entry: node.discovery.signedEntry,
  };
}

describe("a producer", () => {
  async function rig(cluster: Cluster) {
    const good = await cluster.node();
    const node = await cluster.manual();
    const producer = good.streams.produce(Text, { onlineWhen: { atLeast: 0 } });
    await cluster.until(() => node.discovery.catalog.value.peers.size === 1);
    const open = async () => new Noted(await node.context.open(StreamProtocol, good.peer));
    return { good, node, producer, open };
  }

  it("refuses a stream that it does not have", () =>
    inCluster(async (cluster) => {
      const { node, open } = await rig(cluster);
      const noted = await open();
      noted.link.send({ ...subscribe(node), stream: new Uint8Array(32) });
      await cluster.until(() => noted.reason !== undefined);
      expect(noted.reason).toMatchObject({ name: "not-found", by: "remote" });
    }));

  it("does not wait for ever for who says nothing", () =>
    inCluster(async (cluster) => {
      const { open } = await rig(cluster);
      const noted = await open();
      await cluster.until(() => noted.reason !== undefined, 20_000);
      expect(noted.reason).toMatchObject({ name: "timeout", by: "remote" });
    }));

  it("ends a link that begins with anything but a subscription, or has two", () =>
    inCluster(async (cluster) => {
      const { node, open } = await rig(cluster);
      const wrong: (() => StreamMessage)[] = [
        () => ({ kind: "credit", bytes: 1 }),
        () => ({ kind: "accepted", incarnation: new Uint8Array(8), sequence: 0 }),
        () => ({ kind: "gap", count: 1 }),
        () => ({ kind: "end" }),
      ];
      for (const message of wrong) {
        const first = await open();
        first.link.send(message());
        const later = await open();
        later.link.send(subscribe(node));
        later.link.send(message());
        await cluster.until(() => first.reason !== undefined && later.reason !== undefined);
        expect([first.reason?.name, later.reason?.name]).toEqual(
          Array(2).fill("protocol-violation"),
        );
      }
      const twice = await open();
      twice.link.send(subscribe(node));
      twice.link.send(subscribe(node));
      await cluster.until(() => twice.reason !== undefined);
      expect(twice.reason?.name).toBe("protocol-violation");
    }));

  it("ends a link that gives back more credit than it has used, or sends data", () =>
    inCluster(async (cluster) => {
      const { node, producer, open } = await rig(cluster);
      const greedy = await open();
      greedy.link.send(subscribe(node));
      await cluster.until(() => producer.consumers.length === 1);
      await producer.send("hello");
      await cluster.sleep(100);
      greedy.link.send({ kind: "credit", bytes: 1_000_000 });
      await cluster.until(() => greedy.reason !== undefined);
      expect(greedy.reason?.name).toBe("protocol-violation");
      const talking = await open();
      talking.link.sendData(frame(frameKinds.data, Uint8Array.of(1)));
      await cluster.until(() => talking.reason !== undefined);
      expect(talking.reason?.name).toBe("protocol-violation");
      expect(producer.consumers).toEqual([]);
    }));

  it("takes nobody at another's word: an entry of somebody else introduces nobody", () =>
    inCluster(async (cluster) => {
      const good = await cluster.nodeWith({ knows: "nobody" });
      const node = await cluster.manual();
      const other = await cluster.nodeWith({ knows: "nobody", tags: ["trusted"] });
      const producer = good.streams.produce(Text, { accept: ({ tags }) => tags.has("trusted") });
      node.discovery.feed(good.discovery.signedEntry);
      const noted = new Noted(await node.context.open(StreamProtocol, good.peer));
      noted.link.send({ ...subscribe(node), entry: other.discovery.signedEntry });
      await cluster.until(() => noted.reason !== undefined);
      expect(noted.reason?.name).toBe("not-allowed");
      const forged = new Noted(await node.context.open(StreamProtocol, good.peer));
      forged.link.send({ ...subscribe(node), entry: new Uint8Array(500) });
      await cluster.until(() => forged.reason !== undefined);
      expect(forged.reason?.name).toBe("not-allowed");
      expect(producer.consumers).toEqual([]);
    }));
});

describe("a consumer", () => {
  /** A producer by hand: `answer` is what it says to each subscription. */
  async function rig(cluster: Cluster, answer: (link: Link<StreamMessage>) => void) {
    const good = await cluster.node();
    const node = await cluster.manual();
    const reasons: CloseReason[] = [];
    node.context.serve(StreamProtocol, (link) =>
      link.listen({
        message: (message) => {
          if (message.kind === "subscribe") answer(link);
        },
        closed: (reason) => void reasons.push(reason),
      }),
    );
    const consumer = good.streams.consume(Text);
    node.discovery.offer("stream.producer", Text.id);
    return { consumer, reasons, bad: node.peer };
  }
  const accepted = (sequence = 0): StreamMessage => ({
    kind: "accepted",
    incarnation: new Uint8Array(8),
    sequence,
  });
  const item = frame(frameKinds.data, Text.codec.encode("hello"));

  it("ends a link whose producer speaks out of turn", () =>
    inCluster(async (cluster) => {
      const wrong: ((link: Link<StreamMessage>) => void)[] = [
        (link) => link.send({ kind: "gap", count: 1 }),
        (link) => link.send({ kind: "credit", bytes: 1 }),
        (link) => link.sendData(item),
        (link) => link.send({ kind: "end" }),
        (link) => {
          link.send(accepted());
          link.send(accepted());
        },
        (link) => {
          link.send(accepted());
          link.send({ kind: "credit", bytes: 1 });
        },
      ];
      let round = 0;
      const { consumer, reasons } = await rig(cluster, (link) => wrong[round++ % 6]?.(link));
      await cluster.until(() => reasons.length >= 6, 600_000);
      expect(new Set(reasons.map(({ name }) => name))).toEqual(new Set(["protocol-violation"]));
      expect(consumer.stats.items).toBe(0);
    }));

  it("ends a link whose producer sends more than there is room for", () =>
    inCluster(async (cluster) => {
      const { consumer, reasons } = await rig(cluster, (link) => {
        link.send(accepted());
        const large = frame(frameKinds.data, new Uint8Array(1024 * 1024));
        for (let count = 0; count < 9; count++) link.sendData(large);
      });
      await cluster.until(() => reasons.length > 0);
      expect(reasons[0]?.name).toBe("protocol-violation");
      expect(consumer.stats.items).toBeLessThanOrEqual(8);
    }));

  it("does not believe a producer that goes back", () =>
    inCluster(async (cluster) => {
      let round = 0;
      const { consumer, reasons } = await rig(cluster, (link) => {
        link.send(accepted(round++ === 0 ? 10 : 3));
        if (round === 1) {
          link.sendData(item);
          link.close("going-away");
        }
      });
      await cluster.until(() => reasons.length >= 2, 30_000);
      expect(reasons[1]?.name).toBe("protocol-violation");
      expect(consumer.stats).toMatchObject({ items: 1, gaps: 0 });
    }));

  it("does not wait for ever for a producer that does not answer", () =>
    inCluster(async (cluster) => {
      const { consumer, reasons, bad } = await rig(cluster, () => {});
      await cluster.until(() => reasons.length > 0, 30_000);
      expect(consumer.refusals.get(bad)).toBe("unreachable");
    }));

  it("treats an item that is garbage as incompatible, and harms no other stream", () =>
    inCluster(async (cluster) => {
      const { consumer, bad } = await rig(cluster, (link) => {
        link.send(accepted());
        link.sendData(item);
        link.sendData(frame(frameKinds.data, new Uint8Array(100).fill(255)));
      });
      expect(await consumer.receive()).toBe("hello");
      const next = consumer.receive();
      await cluster.until(() => consumer.refusals.get(bad) === "incompatible");
      expect(consumer.stats).toMatchObject({ items: 2, gaps: 1 });
      const other = await cluster.node();
      await cluster.within(10_000, other.streams.produce(Text).send("fine"));
      expect(await next).toBe("fine");
    }));
});
