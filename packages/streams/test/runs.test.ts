import { rawCodec } from "@mosaik/primitives";
import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { defineStream, framesCost, type RunListener, type RunSource } from "../src/index.ts";
import { numbered, numberOf } from "./account.ts";
import { inCluster } from "./cluster.ts";

const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });

/** Notes what it is told. */
class Noted implements RunListener {
  readonly events: string[] = [];
  readonly numbers: number[] = [];
  readonly incarnations = new Set<string>();
  #untaken: (() => void)[] = [];

  begun({ incarnation }: RunSource, sequence: number): void {
    this.incarnations.add(incarnation);
    this.events.push(`begun ${sequence}`);
  }

  arrived(source: RunSource, frames: Uint8Array, items: number, sequence: number): void {
    for (let at = 0; at < frames.byteLength; at += frameHeaderBytes + frameLength(frames, at)) {
      const length = frameLength(frames, at);
      const start = at + frameHeaderBytes;
      this.numbers.push(numberOf(frames.slice(start, start + length)));
    }
    expect(this.numbers.at(-items)).toBe(sequence);
    this.#untaken.push(() => source.taken(framesCost(frames, items)));
  }

  missed(_: RunSource, items: number | undefined): void {
    this.events.push(`missed ${items}`);
  }

  ended(): void {
    this.events.push("ended");
  }

  take(): void {
    for (const taken of this.#untaken) taken();
    this.#untaken = [];
  }
}

describe("a consumer of encoded items", () => {
  it("is told of subscriptions, items by their numbers, and gaps", () =>
    inCluster(async (cluster) => {
      const [a, b] = [await cluster.node(), await cluster.node()];
      const producer = a.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      for (let n = 0; n < 3; n++) await producer.send(numbered(n));
      const noted = new Noted();
      const consumer = b.streams.consumeRuns(Bytes, { listener: noted });
      await producer.when.subscribed();
      for (let n = 3; n < 6; n++) await producer.send(numbered(n));
      await cluster.until(() => noted.numbers.length === 3);
      expect(noted.numbers).toEqual([3, 4, 5]);
      expect(noted.events).toEqual(["begun 3"]);
      expect([...noted.incarnations]).toEqual([producer.position.incarnation]);
      expect(producer.position.sequence).toBe(6);
      consumer.close();
      await producer.when.unsubscribed();
    }));

  it("gives a producer no room until it says that items were taken", () =>
    inCluster(async (cluster) => {
      const [a, b] = [await cluster.node(), await cluster.node()];
      const producer = a.streams.produce(Bytes, { lag: { policy: "wait", itemsMax: 10 } });
      const noted = new Noted();
      b.streams.consumeRuns(Bytes, { listener: noted, windowBytes: 2_000 });
      await producer.when.subscribed();
      let sent = 0;
      const sending = (async () => {
        for (; sent < 100; sent++) await producer.send(numbered(sent));
      })();
      await cluster.sleep(5_000);
      expect(noted.numbers.length).toBeLessThan(20);
      while (noted.numbers.length < 100) {
        noted.take();
        await cluster.sleep(10);
      }
      await sending;
      expect(noted.numbers).toEqual(Array.from({ length: 100 }, (_, n) => n));
    }));

  it("has what its own node produces where it asks for it, like that of any other", () =>
    inCluster(async (cluster) => {
      const node = await cluster.node();
      const [others, all] = [new Noted(), new Noted()];
      node.streams.consumeRuns(Bytes, { listener: others });
      const consumer = node.streams.consumeRuns(Bytes, { listener: all, own: true });
      const producer = node.streams.produce(Bytes);
      for (let n = 0; n < 5; n++) await producer.send(numbered(n));
      await cluster.until(() => all.numbers.length === 5);
      expect(others.numbers).toEqual([]);
      expect(consumer.producers).toMatchObject([{ peer: node.peer, items: 5 }]);
      await producer.close();
      expect(all.events).toEqual(["begun 0", "ended"]);
    }));

  it("asks again whom it wants when it is told to", () =>
    inCluster(async (cluster) => {
      const [a, b] = [await cluster.node(), await cluster.node()];
      const producer = a.streams.produce(Bytes);
      let wanted = false;
      const noted = new Noted();
      const consumer = b.streams.consumeRuns(Bytes, { listener: noted, from: () => wanted });
      await cluster.sleep(2_000);
      expect(producer.consumers).toEqual([]);
      wanted = true;
      consumer.review();
      await cluster.until(() => noted.events.length === 1);
      wanted = false;
      consumer.review();
      await producer.when.unsubscribed();
      expect(noted.events).toEqual(["begun 0", "ended"]);
    }));
});
