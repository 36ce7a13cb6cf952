import { memoryStorage } from "@mosaik/groups/memory";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineList, defineMap, defineStores, type StoreChange } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const durability = "memory";
const Counts = defineMap({
  name: "counts",
  durability,
  key: z.string(),
  value: z.number(),
  updates: { add: (count = 0, by: number) => count + by },
});

it("a write is answered with what was there, and is read where it was written and elsewhere", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts);
    const reader = await cluster.reader(Counts);
    await cluster.online(writer, reader);
    const first = await writer.set("a", 1);
    expect(first).toMatchObject({ applied: true, previous: undefined });
    const second = await writer.set("a", 2);
    expect(second).toMatchObject({ applied: true, previous: 1 });
    expect(second.version).toBeGreaterThan(first.version);
    expect(writer.get("a")).toBe(2);
    await cluster.reach(second.version, reader);
    expect([...reader]).toEqual([["a", 2]]);
    expect(reader.hash).toBe(writer.hash);
    expect("set" in reader).toBe(false);
    expect(reader.status.value).toMatchObject({ role: "reader", size: 1, version: second.version });
  }));

it("updates from several writers at once all count", () =>
  inCluster(async (cluster) => {
    const writers = [await cluster.writer(Counts), await cluster.writer(Counts)];
    await cluster.online(...writers);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) => writers[at % 2]?.update("n", "add", at)),
    );
    const version = Math.max(...outcomes.map((outcome) => outcome?.version ?? 0));
    await cluster.reach(version, ...writers);
    expect(writers.map((writer) => writer.get("n"))).toEqual([190, 190]);
  }));

const Shop = defineStores({
  name: "shop",
  durability,
  stores: { counts: Counts, orders: defineList({ name: "orders", durability, value: z.string() }) },
});

it("a batch over two stores takes effect whole or not at all", () =>
  inCluster(async (cluster) => {
    const shop = await cluster.writer(Shop);
    const { counts, orders } = shop.stores;
    await cluster.online(counts);
    const [put, pushed] = await shop.batch((to) => [
      to.counts.set("nails", 10),
      to.orders.push("nails"),
    ]);
    expect(put.version).toBe(pushed.version);
    const refused = shop.batch((to) => [to.counts.set("nails", 0), to.orders.set(7, "screws")]);
    await expect(refused).rejects.toMatchObject({
      code: "STORE_REJECTED",
      data: { reason: "index 7 is outside of 0 to 0", value: [0, "screws"] },
    });
    expect([counts.get("nails"), [...orders]]).toEqual([10, ["nails"]]);
  }));

it("a watch tells each change once, in order, from a version on", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts);
    await cluster.online(writer);
    const told: StoreChange<unknown, unknown>[] = [];
    const ending = new AbortController();
    const following = (async () => {
      for await (const change of writer.watch({ signal: ending.signal })) told.push(change);
    })();
    const { version } = await writer.set("a", 1);
    await writer.setMany([
      ["b", 2],
      ["c", 3],
    ]);
    await writer.remove("nothing");
    await writer.clear();
    const again: StoreChange<unknown, unknown>[] = [];
    for await (const change of writer.watch({ from: version })) {
      again.push(change);
      if (again.length === 2) break;
    }
    ending.abort();
    await following;
    expect(told.map((change) => change.kind === "changed" && change.changes)).toEqual([
      [{ kind: "set", key: "a", value: 1, previous: undefined }],
      [
        { kind: "set", key: "b", value: 2, previous: undefined },
        { kind: "set", key: "c", value: 3, previous: undefined },
      ],
      [{ kind: "cleared" }],
    ]);
    expect(again).toEqual(told.slice(1));
  }));

it("a value that does not fit is handed back, and a store's storage must be as durable as it says", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts);
    await cluster.online(writer);
    await expect(writer.set("a", "one" as never)).rejects.toMatchObject({
      code: "STORE_VALUE_INVALID",
      data: { value: "one" },
    });
    const node = await cluster.node();
    const Durable = defineMap({
      name: "counts",
      durability: "fsync",
      key: z.string(),
      value: z.number(),
    });
    await expect(cluster.writer(Durable, { storage: memoryStorage() }, node)).rejects.toThrow(
      TypeError,
    );
  }));

it("a strong read has what was acknowledged anywhere", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts);
    const reader = await cluster.reader(Counts);
    await cluster.online(writer, reader);
    for (let n = 1; n <= 5; n++) {
      await writer.set("n", n);
      const { view, staleMs } = await reader.read({ consistency: "strong" });
      expect([view.get("n"), staleMs]).toEqual([n, 0]);
    }
  }));

it("a view stays as it was while the store changes", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Counts);
    await cluster.online(writer);
    await writer.setMany([
      ["a", 1],
      ["b", 2],
    ]);
    const view = writer.view();
    const entries = writer.entries();
    await writer.clear();
    expect([[...view], [...entries], [...writer]]).toEqual([
      [
        ["a", 1],
        ["b", 2],
      ],
      [
        ["a", 1],
        ["b", 2],
      ],
      [],
    ]);
  }));
