import { discovery } from "@mosaik/discovery";
import { groups, lanTimings } from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { defineStream, streams } from "@mosaik/streams";
import { diagnostics, type Inspection, MetricsSection } from "@mosaik/transport";
import { expect, test } from "vitest";
import { z } from "zod";
import { SimulatedNetwork } from "../../discovery/test/simulated-network.ts";
import {
  defineCell,
  defineList,
  defineMap,
  definePriorityQueue,
  defineSet,
  defineStores,
  defineView,
  EditStoreAction,
  KeepersSection,
  replay,
  StoreItemsSection,
  StoresSection,
  stores,
  ViewsSection,
  views,
} from "../src/index.ts";
import { testKey } from "./cluster.ts";

const writeKey = "a key to write for these tests";
const durability = "memory";
const Shop = defineStores({
  name: "shop",
  durability,
  stores: {
    jobs: definePriorityQueue({ name: "jobs", durability, key: z.string(), value: z.string() }),
    motd: defineCell({ name: "motd", durability, value: z.string() }),
    stock: defineMap({
      name: "stock",
      durability,
      key: z.string(),
      value: z.object({ left: z.number(), until: z.date().optional() }),
    }),
    steps: defineList({ name: "steps", durability, value: z.string() }),
    tags: defineSet({ name: "tags", durability, value: z.bigint() }),
  },
});

async function start(network: SimulatedNetwork) {
  return network.start({
    discovery: discovery(),
    streams: streams(),
    groups: groups(),
    stores: stores(),
    replay: replay(),
    views: views(),
    diagnostics: diagnostics({ writeKey }),
  });
}

const opening = () => ({ key: testKey(), storage: memoryStorage(), timings: lanTimings });

function inNetwork(
  run: (network: SimulatedNetwork, open: () => ReturnType<typeof start>) => Promise<void>,
) {
  const network = new SimulatedNetwork({ latencyMs: [1, 3] });
  return network.run(() => run(network, () => start(network)));
}

/** The ids of the stores of a node, by their names. */
async function idsOf(inspection: Inspection): Promise<(name: string) => string> {
  const told = await inspection.read(StoresSection);
  const ids = new Map(Object.entries(told).map(([id, { name }]) => [name, id]));
  return (name) => ids.get(name) ?? "";
}

test("a node measures the collections that it has open, as they are", () =>
  inNetwork(async (network, open) => {
    const [node, other] = [await open(), await open()];
    const { stock, steps } = (await node.stores.writer(Shop, opening())).stores;
    await network.within(20_000, stock.when.online());
    const reader = (await other.stores.reader(Shop, opening())).stores.steps;
    await stock.setMany([1, 2, 3].map((left) => [`nail ${left}`, { left }]));
    await stock.remove("nail 2");
    await steps.push("a");
    await network.within(20_000, reader.when.reaches(steps.version));
    for (const { peer } of [node, other]) {
      const inspection = await node.diagnostics.inspect(peer);
      const { mosaik_store_items: items, mosaik_store_version: version } =
        await inspection.read(MetricsSection);
      const group = Object.values(await inspection.read(StoresSection))[0]?.group.slice(0, 8);
      expect(items?.numbers).toMatchObject({ [`stock ${group}`]: 2, [`steps ${group}`]: 1 });
      expect(version?.numbers).toMatchObject({ [`stock ${group}`]: stock.version });
    }
  }));

test("an inspector sees the collections of another node, browses and edits them", () =>
  inNetwork(async (network, open) => {
    const [node, other] = [await open(), await open()];
    const shop = await node.stores.writer(Shop, opening());
    const { stock, steps } = shop.stores;
    await network.within(20_000, stock.when.online());
    await stock.setMany(
      Array.from({ length: 300 }, (_, n) => [`nail ${String(n).padStart(3, "0")}`, { left: n }]),
    );
    await stock.set("bolt", { left: 1, until: new Date(5) });
    await steps.pushMany(["a", "b"]);
    const reader = await other.stores.reader(Shop, opening());
    await network.within(20_000, reader.stores.steps.when.reaches(steps.version));

    const grant = { grant: "write", key: writeKey } as const;
    const inspection = await other.diagnostics.inspect(node.peer, grant);
    const ids = await idsOf(inspection);
    const all = await inspection.read(StoresSection);
    expect(Object.values(all).map(({ name, kind }) => [name, kind])).toEqual([
      ["jobs", "priority-queue"],
      ["motd", "cell"],
      ["steps", "list"],
      ["stock", "map"],
      ["tags", "set"],
    ]);
    expect(all[ids("stock")]).toMatchObject({
      role: "leader",
      online: true,
      durability,
      members: 2,
      size: 301,
      version: stock.version,
      hash: stock.hash,
      lag: 0,
    });

    const store = ids("stock");
    const page = (query: object) =>
      inspection.read(StoreItemsSection, { query: { store, ...query } });
    const first = await page({ prefix: "nail", limit: 200 });
    expect(first.items[0]).toEqual({ key: '"nail 000"', value: '{"left":0}' });
    expect(first.next).toBe('"nail 199"');
    const second = await page({ prefix: "nail", limit: 200, after: first.next });
    expect([second.items.length, second.next, second.size]).toEqual([100, undefined, 301]);
    expect((await page({ key: "bolt" })).items).toEqual([
      {
        key: '"bolt"',
        value:
          '{"json":{"left":1,"until":"1970-01-01T00:00:00.005Z"},"meta":{"values":{"until":["Date"]},"v":1}}',
      },
    ]);
    expect((await page({ key: "screw" })).items).toEqual([]);
    await expect(page({ limit: 257 })).rejects.toMatchObject({ code: "DIAGNOSTICS_MALFORMED" });

    const edit = (name: string, input: object) =>
      inspection.act(EditStoreAction, { store: ids(name), kind: "put", ...input });
    expect(await edit("stock", { key: "bolt", value: '{"left":9}' })).toMatchObject({
      applied: true,
      previous: expect.stringContaining('"left":1'),
    });
    expect(await edit("stock", { kind: "remove", key: "nail 000" })).toMatchObject({
      previous: '{"left":0}',
    });
    await edit("steps", { key: "0", value: '"A"' });
    await edit("steps", { value: '"c"' });
    await edit("tags", { key: "7n" });
    await edit("motd", { value: '"hello"' });
    await edit("jobs", { key: "j", value: '"do it"', priority: 3 });
    expect(stock.get("bolt")).toEqual({ left: 9 });
    expect(stock.has("nail 000")).toBe(false);
    expect([...steps]).toEqual(["A", "b", "c"]);
    expect([...shop.stores.tags]).toEqual([7n]);
    expect(shop.stores.motd.value).toBe("hello");
    const shown = async (name: string) =>
      (await page({ store: ids(name) })).items.map((item) => Object.values(item));
    expect(await shown("jobs")).toEqual([['"j"', '"do it"', 3]]);
    expect(await shown("steps")).toEqual([
      ["0", '"A"'],
      ["1", '"b"'],
      ["2", '"c"'],
    ]);
    expect(await shown("tags")).toEqual([["7n"]]);
    expect(await shown("motd")).toEqual([['"hello"']]);

    for (const [name, wrong] of [
      ["stock", { key: "bolt", value: '{"left":"many"}' }],
      ["stock", { key: "bolt", value: "{" }],
      ["stock", { key: "bolt" }],
      ["steps", { key: "9", value: '"z"' }],
      ["tags", { key: "7n", value: "1" }],
      ["jobs", { key: "k", value: '"no priority"' }],
      ["none", { key: "k" }],
    ] as const) {
      await expect(edit(name, wrong)).rejects.toMatchObject({ code: "DIAGNOSTICS_FAILED" });
    }
    const own = await other.diagnostics.inspect(other.peer, grant);
    expect((await own.read(StoresSection))[store]).toMatchObject({ role: "reader", size: 300 });
    await expect(
      own.act(EditStoreAction, { store, kind: "remove", key: "bolt" }),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_FAILED" });
    await expect(
      (await other.diagnostics.inspect(node.peer)).act(EditStoreAction, { store, kind: "remove" }),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_REFUSED" });
  }));

test("whoever follows the items of a collection is told when they change", () =>
  inNetwork(async (network, open) => {
    const node = await open();
    const { stores: parts } = await node.stores.writer(Shop, opening());
    await network.within(20_000, parts.stock.when.online());
    const inspection = await node.diagnostics.inspect(node.peer);
    const store = (await idsOf(inspection))("stock");
    const counts: number[] = [];
    for await (const { size } of inspection.follow(StoreItemsSection, { query: { store } })) {
      counts.push(size);
      if (size === 2) break;
      await parts.stock.set(`key ${size}`, { left: 1 });
    }
    expect(counts).toEqual([0, 1, 2]);
  }));

test("an inspector sees what is kept of streams, and how far views are", () =>
  inNetwork(async (network, open) => {
    const [node, other] = [await open(), await open()];
    const Sale = defineStream("sale", { schema: z.number() });
    const Sum = defineView({
      name: "sum",
      from: Sale,
      initial: () => 0,
      reduce: (sum, sale) => sum + sale,
    });
    await node.replay.keep(Sale, { items: 800 });
    const producer = node.streams.produce(Sale);
    await network.until(() => producer.online);
    for (let n = 0; n < 1_000; n++) await producer.send(n);
    const fold = other.views.fold(Sum, { fromSnapshot: false });
    const version = new Map([[node.peer, producer.position]]);
    await network.within(20_000, fold.when.reaches(version));
    const read = node.views.read(Sum);
    await network.within(20_000, read.when.reaches(version));

    const inspection = await other.diagnostics.inspect(node.peer);
    const { incarnation } = producer.position;
    const [keeper] = Object.values(await inspection.read(KeepersSection));
    expect(keeper).toMatchObject({
      stream: "sale",
      state: "keeping",
      durability: "memory",
      producers: 1,
      kept: { [node.peer]: { incarnation, first: 200, end: 1_000 } },
      items: 800,
    });
    const [folded] = Object.entries(
      await (await other.diagnostics.inspect(other.peer)).read(ViewsSection),
    );
    expect(folded).toEqual([
      `folded/${Sum.id}`,
      {
        name: "sum",
        stream: "sale",
        kind: "folded",
        ready: true,
        entries: 1,
        missed: 200,
        lag: 0,
        producers: 1,
        version: { [node.peer]: { incarnation, sequence: 1_000 } },
      },
    ]);
    const told = await inspection.read(ViewsSection);
    expect(told[`read/${Sum.id}`]).toMatchObject({ kind: "read", entries: 1, missed: 200 });
  }));
