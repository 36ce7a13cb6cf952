import { createHash } from "node:crypto";
import { MemoryDisk } from "@mosaik/groups/memory";
import { defineStream, type Producer } from "@mosaik/streams";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type BlockStorage, defineView, type View, type ViewChange } from "../../src/index.ts";
import { openSegmentRoom } from "../../src/replay/shell/segment-room.ts";
import { type Cluster, inCluster } from "../replay/cluster.ts";

const Sale = defineStream("sale", { schema: z.object({ city: z.string(), amount: z.number() }) });
type Sale = { readonly city: string; readonly amount: number };

const Turnover = defineView({
  name: "turnover",
  from: Sale,
  key: ({ city }) => city,
  initial: () => ({ total: 0, sales: 0 }),
  reduce: ({ total, sales }, { amount }) => ({ total: total + amount, sales: sales + 1 }),
});

const cities = ["Aachen", "Bonn", "Celle"];

async function sell(producer: Producer<Sale>, count: number): Promise<void> {
  const { sequence } = producer.position;
  for (let n = sequence; n < sequence + count; n++) {
    await producer.send({ city: cities[n % 3] ?? "", amount: n });
  }
}

/** A shop that keeps its sales, and a place to keep them beside. */
async function shops(cluster: Cluster) {
  const [a, b] = [await cluster.node(), await cluster.node()];
  await a.replay.keep(Sale);
  const producers = [a, b].map((node) => node.streams.produce(Sale));
  await cluster.until(() => producers.every(({ online }) => online));
  const version = () =>
    new Map([a, b].map((node, index) => [node.peer, producers[index]?.position ?? never]));
  return { a, b, producers, version };
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

const never = { incarnation: "", sequence: 0 };

function plain<Value>(view: View<Value>): Record<string, Value> {
  return Object.fromEntries(view.entries());
}

describe("a view", () => {
  it("is the same on every node at the same version, whenever it began to fold", () =>
    inCluster(async (cluster) => {
      const { a, b, producers, version } = await shops(cluster);
      const early = b.views.fold(Turnover);
      for (const producer of producers) await sell(producer, 50);
      await cluster.sleep(1_000);
      const late = (await cluster.node()).views.fold(Turnover, { fromSnapshot: false });
      for (const producer of producers) await sell(producer, 50);
      const own = a.views.fold(Turnover);
      await Promise.all([early, late, own].map((view) => view.when.reaches(version())));
      const total = (99 * 100) / 2;
      const sum = Object.values(plain(early)).reduce((all, each) => all + each.total, 0);
      expect(sum).toBe(total * 2);
      expect(new Set([early, late, own].map((view) => view.hash())).size).toBe(1);
      expect(plain(late)).toEqual(plain(early));
      expect(early.missed).toBe(0);
    }));

  it("begins with the state of one that serves it, and with what came since", () =>
    inCluster(async (cluster) => {
      const { a, producers, version } = await shops(cluster);
      const [producer] = producers;
      if (producer === undefined) return;
      const first = a.views.fold(Turnover);
      await sell(producer, 300);
      await first.when.reaches(version());
      await first.when.ready();
      const folded: string[] = [];
      const key = ({ city }: Sale): string => {
        folded.push(city);
        return city;
      };
      const Spied = { ...Turnover, key };
      const late = (await cluster.node()).views.fold(Spied);
      await cluster.until(() => late.version.size > 0);
      await sell(producer, 5);
      await late.when.reaches(version());
      expect(late.hash()).toBe(first.hash());
      expect(folded).toHaveLength(5);
    }));

  it("is folded anew where its definition changed", () =>
    inCluster(async (cluster) => {
      const { a, producers, version } = await shops(cluster);
      const [producer] = producers;
      if (producer === undefined) return;
      await sell(producer, 30);
      const old = a.views.fold(Turnover);
      await old.when.reaches(version());
      const Counted = defineView({
        name: "turnover",
        version: 2,
        from: Sale,
        key: ({ city }) => city,
        initial: () => 0,
        reduce: (count) => count + 1,
      });
      const node = await cluster.node();
      const counted = node.views.fold(Counted);
      await counted.when.reaches(version());
      expect(plain(counted)).toEqual({ Aachen: 10, Bonn: 10, Celle: 10 });
    }));

  it("is read by nodes that do not consume the stream, and by way of another server where one dies", () =>
    inCluster(async (cluster) => {
      const { a, b, producers, version } = await shops(cluster);
      const [producer] = producers;
      if (producer === undefined) return;
      const server = await cluster.node();
      const folds = [server.views.fold(Turnover), b.views.fold(Turnover)];
      await Promise.all(folds.map((view) => view.when.ready()));
      const node = await cluster.node();
      const view = node.views.read(Turnover);
      const watched: ViewChange<unknown>[] = [];
      void (async () => {
        for await (const change of view.watch()) watched.push(change);
      })();
      await sell(producer, 90);
      await view.when.reaches(version());
      expect(plain(view)).toEqual(plain(folds[1] ?? view));
      expect(producer.consumers.map(({ peer }) => peer)).not.toContain(node.peer);
      cluster.kill(server);
      await sell(producer, 90);
      await view.when.reaches(version());
      await cluster.until(() => watched.at(-1)?.version === view.version);
      expect(view.hash()).toBe(folds[1]?.hash());
      await sell(producer, 1);
      await view.when.reaches(version());
      await cluster.until(() => watched.at(-1)?.isResync === false);
      expect([...(watched.at(-1)?.changed.keys() ?? [])]).toEqual(["Aachen"]);
      expect(a.peer).not.toBe(node.peer);
    }));

  it("of a single value has it under no key", () =>
    inCluster(async (cluster) => {
      const { a, producers, version } = await shops(cluster);
      const Total = defineView({
        name: "total",
        from: Sale,
        initial: () => 0,
        reduce: (total, { amount }) => (amount === 3 ? undefined : total + amount),
      });
      const [producer] = producers;
      if (producer === undefined) return;
      const view = a.views.fold(Total);
      await sell(producer, 3);
      await view.when.reaches(version());
      expect(view.get()).toBe(3);
      await sell(producer, 1);
      await view.when.reaches(version());
      expect(view.get()).toBeUndefined();
      expect(view.size).toBe(0);
    }));

  it("tells of items that nobody keeps any more", () =>
    inCluster(async (cluster) => {
      const source = await cluster.node();
      await source.replay.keep(Sale, { items: 100 });
      const producer = source.streams.produce(Sale, { onlineWhen: { atLeast: 0 } });
      await cluster.until(() => producer.consumers.length === 1);
      await sell(producer, 1_000);
      const view = (await cluster.node()).views.fold(Turnover);
      await view.when.reaches(new Map([[source.peer, producer.position]]));
      expect(view.missed).toBeGreaterThanOrEqual(900);
      const folded = Object.values(plain(view)).reduce((all, { sales }) => all + sales, 0);
      expect(folded + view.missed).toBe(1_000);
    }));

  it("survives an item that cannot be folded", () =>
    inCluster(async (cluster) => {
      const { a, producers, version } = await shops(cluster);
      const Picky = defineView({
        name: "picky",
        from: Sale,
        initial: () => 0,
        reduce: (count, { amount }) => {
          if (amount === 1) throw new Error("not this one");
          return count + 1;
        },
      });
      const view = a.views.fold(Picky);
      const [producer] = producers;
      if (producer === undefined) return;
      await sell(producer, 3);
      await view.when.reaches(version());
      expect(view.get()).toBe(2);
    }));

  it("is folded once a node", () =>
    inCluster(async (cluster) => {
      const node = await cluster.node();
      const view = node.views.fold(Turnover);
      expect(() => node.views.fold(Turnover)).toThrow(
        expect.objectContaining({ code: "STORE_VIEW_EXISTS" }),
      );
      await view.close();
      await view.close();
      node.views.fold(Turnover);
    }));
});

describe("a view in which items are missing", () => {
  it("says so, and takes over the state of a server that lets it in later", () =>
    inCluster(async (cluster) => {
      const shop = await cluster.node();
      const producer = shop.streams.produce(Sale, { onlineWhen: { atLeast: 0 } });
      let isOpen = false;
      const whole = (await cluster.node()).views.fold(Turnover, { serve: () => isOpen });
      await cluster.until(() => producer.consumers.length === 1);
      await sell(producer, 50);
      const late = (await cluster.node()).views.fold(Turnover);
      await cluster.until(() => late.when.ready().met && late.partial);
      expect([late.missed, late.when.complete().met]).toEqual([50, false]);
      expect([whole.partial, whole.when.complete().met]).toEqual([false, true]);
      isOpen = true;
      while (!late.when.complete().met) {
        await sell(producer, 1);
        await cluster.sleep(20);
      }
      await sell(producer, 10);
      const version = new Map([[shop.peer, producer.position]]);
      await Promise.all([whole, late].map((view) => view.when.reaches(version)));
      expect(plain(late)).toEqual(plain(whole));
      expect(late.missed).toBe(0);
    }));

  it("is folded anew when a keeper comes that has them", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const storage: BlockStorage = {
        durable: true,
        open: async (stream) => openSegmentRoom(disk.open(stream), stream, sha256),
      };
      const shop = await cluster.node();
      const keeperNode = await cluster.node();
      const keeper = await keeperNode.replay.keep(Sale, { storage });
      const producer = shop.streams.produce(Sale, { onlineWhen: { atLeast: 0 } });
      await cluster.until(() => producer.consumers.length === 1);
      await sell(producer, 50);
      await keeper.when.reaches(new Map([[shop.peer, producer.position]]));
      await keeper.close();
      await cluster.sleep(500);
      const late = (await cluster.node()).views.fold(Turnover, { fromSnapshot: false });
      await cluster.until(() => late.partial);
      await keeperNode.replay.keep(Sale, { storage });
      await cluster.until(() => late.when.complete().met, 60_000);
      await sell(producer, 10);
      await late.when.reaches(new Map([[shop.peer, producer.position]]));
      const sum = Object.values(plain(late)).reduce((all, { total }) => all + total, 0);
      expect([sum, late.missed]).toEqual([(59 * 60) / 2, 0]);
    }));
});
