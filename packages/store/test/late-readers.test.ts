import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  defineList,
  defineMap,
  definePriorityQueue,
  defineSet,
  type Store,
  type StoreDefinition,
} from "../src/index.ts";
import { inCluster } from "./cluster.ts";
import { often, range } from "./scenarios/play.ts";

type AnyStore = Store<unknown, unknown> & { readonly size: number };
type Written = Promise<{ readonly version: number }>;

/** What the suite needs of a kind: items are numbered, and each has one right form. */
interface Kind<Reader extends AnyStore, Writer extends AnyStore> {
  readonly definition: StoreDefinition<Reader, Writer>;
  add(writer: Writer, item: number): Written;
  addMany(writer: Writer, items: readonly number[]): Written;
  clear(writer: Writer): Written;
  has(store: Reader | Writer, item: number): boolean;
}

const durability = "memory";

function suite<Reader extends AnyStore, Writer extends AnyStore>(
  name: string,
  kind: Kind<Reader, Writer>,
): void {
  const holds = (store: Reader | Writer, items: readonly number[]): void => {
    expect(store.size).toBe(items.length);
    expect(items.filter((item) => !kind.has(store, item))).toEqual([]);
  };

  describe(name, () => {
    it.each([1, 100, 1_000, 10_000])("a late reader gets %d items that rest", (count) =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        const reader = await cluster.reader(kind.definition, often);
        await cluster.online(writer, reader);
        const { version } = await kind.addMany(writer, range(0, count - 1));
        await cluster.reach(version, reader);
        const late = await cluster.reader(kind.definition, often);
        await cluster.within(2_000 + 10 * count, late.when.reaches(version));
        for (const each of [writer, reader, late]) holds(each, range(0, count - 1));
        expect(new Set([writer.hash, reader.hash, late.hash]).size).toBe(1);
      }),
    );

    it.each([
      [100, 50],
      [1_000, 500],
    ])("a reader comes to %d items while %d more are written", (count, more) =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        const reader = await cluster.reader(kind.definition, often);
        await cluster.online(writer, reader);
        await kind.addMany(writer, range(0, count - 1));
        const opening = cluster.reader(kind.definition, often);
        let version = 0;
        for (const item of range(count, count + more - 1)) {
          ({ version } = await kind.add(writer, item));
        }
        const late = await opening;
        await cluster.within(2_000 + 10 * count, late.when.reaches(version));
        await cluster.reach(version, reader);
        for (const each of [writer, reader, late]) holds(each, range(0, count + more - 1));
        expect(late.hash).toBe(writer.hash);
      }),
    );

    it.each([
      [1_000, 500],
      [10_000, 5_000],
    ])(
      "a reader comes to %d items while %d more are written at once, then some by one",
      (count, more) =>
        inCluster(async (cluster) => {
          const writer = await cluster.writer(kind.definition, often);
          const reader = await cluster.reader(kind.definition, often);
          await cluster.online(writer, reader);
          await kind.addMany(writer, range(0, count - 1));
          const opening = cluster.reader(kind.definition, often);
          const { version } = await kind.addMany(writer, range(count, count + more - 1));
          const late = await opening;
          await cluster.within(2_000 + 10 * count, late.when.reaches(version));
          let last = version;
          for (const item of range(count + more, count + more + 49)) {
            ({ version: last } = await kind.add(writer, item));
          }
          await cluster.reach(last, reader, late);
          for (const each of [writer, reader, late]) holds(each, range(0, count + more + 49));
          expect(new Set([writer.hash, reader.hash, late.hash]).size).toBe(1);
        }),
    );

    it("a late reader gets 100,000 items while 5,000 more are written", { timeout: 120_000 }, () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        await cluster.online(writer);
        await kind.addMany(writer, range(0, 99_999));
        const late = await cluster.reader(kind.definition, often);
        let version = 0;
        for (let from = 100_000; from < 105_000; from += 50) {
          ({ version } = await kind.addMany(writer, range(from, from + 49)));
        }
        await cluster.within(2_000 + 10 * 100_000, late.when.reaches(version));
        expect([late.size, late.hash]).toEqual([105_000, writer.hash]);
        expect(kind.has(late, 104_999)).toBe(true);
      }),
    );

    it("a late writer has everything, and what it adds is everywhere", () =>
      inCluster(async (cluster) => {
        const first = await cluster.writer(kind.definition, often);
        await cluster.online(first);
        const { version } = await kind.addMany(first, range(0, 99));
        const late = await cluster.writer(kind.definition, often);
        await cluster.online(late);
        await cluster.reach(version, late);
        holds(late, range(0, 99));
        const added = await kind.add(late, 100);
        await cluster.reach(added.version, first);
        for (const each of [first, late]) holds(each, range(0, 100));
        expect(first.hash).toBe(late.hash);
      }));

    it("nothing written is nothing read", () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition);
        const reader = await cluster.reader(kind.definition);
        await cluster.online(writer, reader);
        expect([writer.size, reader.size, reader.version]).toEqual([0, 0, 0]);
      }));

    it("a reader that was there first finds the writer", () =>
      inCluster(async (cluster) => {
        const reader = await cluster.reader(kind.definition);
        await cluster.sleep(1_000);
        const writer = await cluster.writer(kind.definition);
        await cluster.online(writer, reader);
        const { version } = await kind.addMany(writer, range(0, 99));
        await cluster.within(5_000, reader.when.reaches(version));
        holds(reader, range(0, 99));
      }));

    it("five readers come at once", () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        await cluster.online(writer);
        const { version } = await kind.addMany(writer, range(0, 999));
        await kind.add(writer, 1_000);
        const readers = await Promise.all(
          range(1, 5).map(() => cluster.reader(kind.definition, often)),
        );
        await cluster.within(15_000, Promise.all(readers.map(({ when }) => when.online())));
        await cluster.within(10_000, Promise.all(readers.map(({ when }) => when.reaches(version))));
        for (const reader of readers) holds(reader, range(0, 1_000));
      }));

    it("whoever reads while a snapshot comes in sees all of it or nothing", () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        await cluster.online(writer);
        const { version } = await kind.addMany(writer, range(0, 9_999));
        const late = await cluster.reader(kind.definition, often);
        let torn = 0;
        const looking = (async () => {
          while (late.version < version) {
            if (late.size > 0 && !kind.has(late, 0)) torn++;
            await cluster.sleep(1);
          }
        })();
        await cluster.within(60_000, Promise.all([looking, late.when.reaches(version)]));
        expect(torn).toBe(0);
        holds(late, range(0, 9_999));
      }));

    it("what was cleared before is not in what a late reader gets", () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        const reader = await cluster.reader(kind.definition, often);
        await cluster.online(writer, reader);
        await kind.addMany(writer, range(0, 499));
        const cleared = await kind.clear(writer);
        await cluster.reach(cleared.version, reader);
        expect(reader.size).toBe(0);
        const { version } = await kind.addMany(writer, range(500, 699));
        const late = await cluster.reader(kind.definition, often);
        await cluster.reach(version, reader, late);
        for (const each of [writer, reader, late]) {
          expect(each.size).toBe(200);
          expect(each.hash).toBe(writer.hash);
        }
      }));

    it("a reader that is closed and opened again on its node has everything", () =>
      inCluster(async (cluster) => {
        const writer = await cluster.writer(kind.definition, often);
        const node = await cluster.node();
        const reader = await cluster.reader(kind.definition, often, node);
        await cluster.online(writer, reader);
        const before = await kind.addMany(writer, range(0, 99));
        await cluster.reach(before.version, reader);
        await reader.close();
        const { version } = await kind.addMany(writer, range(100, 199));
        const again = await cluster.reader(kind.definition, often, node);
        await cluster.within(10_000, again.when.reaches(version));
        holds(again, range(0, 199));
      }));
  });
}

suite("map", {
  definition: defineMap({ name: "map", durability, key: z.number(), value: z.number() }),
  add: (writer, item) => writer.set(item, item * 10),
  addMany: (writer, items) => writer.setMany(items.map((item) => [item, item * 10])),
  clear: (writer) => writer.clear(),
  has: (store, item) => store.get(item) === item * 10,
});

suite("set", {
  definition: defineSet({ name: "set", durability, value: z.number() }),
  add: (writer, item) => writer.add(item),
  addMany: (writer, items) => writer.addMany(items),
  clear: (writer) => writer.clear(),
  has: (store, item) => store.has(item),
});

suite("list", {
  definition: defineList({ name: "list", durability, value: z.number() }),
  add: (writer, item) => writer.push(item * 10),
  addMany: (writer, items) => writer.pushMany(items.map((item) => item * 10)),
  clear: (writer) => writer.clear(),
  has: (store, item) => store.at(item) === item * 10,
});

suite("priority queue", {
  definition: definePriorityQueue({
    name: "queue",
    durability,
    key: z.number(),
    value: z.number(),
  }),
  add: (writer, item) => writer.set(item, item, item * 10),
  addMany: (writer, items) =>
    writer.setMany(items.map((item) => ({ priority: item, key: item, value: item * 10 }))),
  clear: (writer) => writer.clear(),
  has: (store, item) => {
    const entry = store.get(item);
    return entry?.priority === item && entry.value === item * 10;
  },
});

const Texts = defineMap({ name: "texts", durability, key: z.string(), value: z.string() });

it("a late reader gets texts of 10 KB", () =>
  inCluster(async (cluster) => {
    const writer = await cluster.writer(Texts, often);
    await cluster.online(writer);
    const text = (at: number): string => String(at).repeat(10_240 / String(at).length);
    const { version } = await writer.setMany(range(1, 100).map((at) => [`key ${at}`, text(at)]));
    const late = await cluster.reader(Texts, often);
    await cluster.within(30_000, late.when.reaches(version));
    expect(range(1, 100).filter((at) => late.get(`key ${at}`) !== text(at))).toEqual([]);
  }));
