import type { Producer } from "@mosaik/streams";
import { describe, expect, it } from "vitest";
import type { ReplayFrom } from "../../src/index.ts";
import { Account, Bytes, numbered } from "./account.ts";
import { type Cluster, inCluster, type Node } from "./cluster.ts";

/** Sends the numbers up to one. */
async function send(producer: Producer<Uint8Array>, to: number): Promise<void> {
  for (let n = producer.position.sequence; n < to; n++) await producer.send(numbered(n));
}

/** A producer that keeps what it sends, with so many items sent. */
async function keeping(cluster: Cluster, sent: number, options = {}) {
  const source = await cluster.node();
  const keeper = await source.replay.keep(Bytes, options);
  const producer = source.streams.produce(Bytes, { lag: { policy: "wait" } });
  await send(producer, sent);
  await cluster.until(() => keeper.status.value.items > 0);
  return { source, keeper, producer };
}

/** What a late reader gets of a hundred items, and of ten that are sent when it is there. */
async function story(
  cluster: Cluster,
  from: ReplayFrom,
  options: object = {},
): Promise<{ readonly account: Account; readonly node: Node }> {
  const { producer, source } = await keeping(cluster, 100, options);
  await cluster.sleep(3_000);
  const node = await cluster.node();
  const replay = node.replay.consume(Bytes, { from });
  const account = new Account(replay);
  await cluster.until(() => replay.when.live().met);
  await send(producer, 110);
  await cluster.until(() => account.next(source.peer) === 110);
  expect(account.faults).toEqual([]);
  return { account, node };
}

/** What a late reader since a time gets of thirty items. */
async function storySince(cluster: Cluster, sinceMs: number, source: Node): Promise<string[]> {
  const node = await cluster.node();
  const account = new Account(node.replay.consume(Bytes, { from: { sinceMs } }));
  await cluster.until(() => account.next(source.peer) === 30);
  return account.story;
}

describe("a late reader", () => {
  it("begins at the start, and goes on live", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, "start");
      expect(account.story).toEqual(["items 0 to 109"]);
    }));

  it("begins with what is sent from now on", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, "latest");
      expect(account.story).toEqual(["items 100 to 109"]);
    }));

  it("begins at an offset, and with the last so many", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, { offset: 42 });
      expect(account.story).toEqual(["items 42 to 109"]);
    }));

  it("begins with the last so many", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, { last: 7 });
      expect(account.story).toEqual(["items 93 to 109"]);
    }));

  it("is told exactly what is kept no more", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, "start", { items: 40 });
      expect(account.story).toEqual(["gap 0 to 60 (not-kept)", "items 60 to 109"]);
    }));

  it("begins at a time, to the second", () =>
    inCluster(async (cluster) => {
      const { producer, source } = await keeping(cluster, 10);
      await cluster.sleep(5_000);
      const sinceMs = cluster.world.clock().now();
      await send(producer, 20);
      await cluster.sleep(1_500);
      await send(producer, 30);
      expect(await storySince(cluster, sinceMs, source)).toEqual(["items 10 to 29"]);
    }));

  it("is told what was dropped of what it asks for by time, and of nothing older", () =>
    inCluster(async (cluster) => {
      const { producer, source } = await keeping(cluster, 10, { items: 8 });
      await cluster.sleep(5_000);
      const sinceMs = cluster.world.clock().now();
      await send(producer, 30);
      await cluster.sleep(1_500);
      expect(await storySince(cluster, sinceMs, source)).toEqual([
        "gap 10 to 22 (not-kept)",
        "items 22 to 29",
      ]);
    }));

  it("is told of all that may be as new as it asks for where a keeper came later", () =>
    inCluster(async (cluster) => {
      const source = await cluster.node();
      const producer = source.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      const sinceMs = cluster.world.clock().now();
      await send(producer, 10);
      const keeper = await source.replay.keep(Bytes);
      await cluster.sleep(1_500);
      await send(producer, 30);
      await cluster.until(() => keeper.status.value.items === 20);
      expect(await storySince(cluster, sinceMs, source)).toEqual([
        "gap 0 to 10 (not-kept)",
        "items 10 to 29",
      ]);
    }));

  it("is told what is not kept of the last so many", () =>
    inCluster(async (cluster) => {
      const { account } = await story(cluster, { last: 70 }, { items: 40 });
      expect(account.story).toEqual(["gap 30 to 60 (not-kept)", "items 60 to 109"]);
    }));

  it("goes on from where it was", () =>
    inCluster(async (cluster) => {
      const { producer, source } = await keeping(cluster, 50);
      const node = await cluster.node();
      const first = node.replay.consume(Bytes, { own: false });
      for (let n = 0; n < 20; n++) await first.receive();
      const { position } = first;
      expect(position.get(source.peer)?.sequence).toBe(20);
      await first.close();
      await send(producer, 60);
      const account = new Account(node.replay.consume(Bytes, { from: { position } }));
      await cluster.until(() => account.next(source.peer) === 60);
      expect(account.story).toEqual(["items 20 to 59"]);
    }));

  it.each([0, 1])("gets everything once where a keeper dies in mid-transfer (%d of two)", (dying) =>
    inCluster(async (cluster) => {
      const source = await cluster.node();
      const producer = source.streams.produce(Bytes, { lag: { policy: "wait" } });
      const nodes = [await cluster.node(), await cluster.node()] as const;
      const keepers = await Promise.all(nodes.map(({ replay }) => replay.keep(Bytes)));
      await cluster.until(() => producer.consumers.length === 2);
      for (let n = 0; n < 8_000; n++) await producer.send(numbered(n, 1_000));
      await cluster.until(() => keepers.every(({ status }) => status.value.items === 8_000));
      const late = await cluster.node();
      const account = new Account(late.replay.consume(Bytes));
      account.pause(); // with a window that is full
      await cluster.until(() => account.items > 0);
      await cluster.sleep(1_000);
      expect(account.items).toBeLessThan(8_000);
      const victim = nodes[dying];
      if (victim !== undefined) cluster.kill(victim);
      account.resume();
      await cluster.until(() => account.next(source.peer) === 8_000, 30_000);
      expect(account.faults).toEqual([]);
      expect(account.story).toEqual(["items 0 to 7999"]);
    }),
  );

  it("has all of a producer that is gone, from one that kept it", () =>
    inCluster(async (cluster) => {
      const [keeperNode, source] = [await cluster.node(), await cluster.node()];
      const keeper = await keeperNode.replay.keep(Bytes);
      const producer = source.streams.produce(Bytes);
      await send(producer, 30);
      await cluster.until(() => keeper.status.value.items === 30);
      cluster.kill(source);
      const node = await cluster.node();
      const account = new Account(node.replay.consume(Bytes));
      await cluster.until(() => account.next(source.peer) === 30);
      expect(account.story).toEqual(["items 0 to 29"]);
    }));

  it("has the runs of a producer that was restarted in their order, and is told of the seam", () =>
    inCluster(async (cluster) => {
      const [keeperNode, source] = [await cluster.node(), await cluster.node()];
      const keeper = await keeperNode.replay.keep(Bytes);
      for (const run of [1, 2, 3]) {
        const producer = source.streams.produce(Bytes);
        await send(producer, run * 10);
        await producer.close();
        await cluster.sleep(100);
      }
      await cluster.until(() => keeper.status.value.items === 60);
      const node = await cluster.node();
      const account = new Account(node.replay.consume(Bytes));
      await cluster.until(() => account.items === 60);
      expect(account.faults).toEqual([]);
      expect(account.story).toEqual([
        "items 0 to 9",
        "gap 10 to ? (restart)",
        "items 0 to 19",
        "gap 20 to ? (restart)",
        "items 0 to 29",
      ]);
    }));

  it("goes without history where nobody keeps any, and is told what it missed", () =>
    inCluster(async (cluster) => {
      const source = await cluster.node();
      const producer = source.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      await send(producer, 25);
      const node = await cluster.node();
      const replay = node.replay.consume(Bytes);
      const account = new Account(replay);
      await cluster.until(() => replay.when.live().met);
      await send(producer, 30);
      await cluster.until(() => account.next(source.peer) === 30);
      expect(account.story).toEqual(["gap 0 to 25 (not-kept)", "items 25 to 29"]);
    }));

  it("reads what its own node keeps and produces where it asks for it", () =>
    inCluster(async (cluster) => {
      const { source, producer } = await keeping(cluster, 20);
      const account = new Account(source.replay.consume(Bytes, { own: true }));
      await cluster.until(() => account.next(source.peer) === 20);
      await send(producer, 25);
      await cluster.until(() => account.next(source.peer) === 25);
      expect(account.story).toEqual(["items 0 to 24"]);
    }));

  it("gets what the producer gives newcomers first, then what is sent from there on", () =>
    inCluster(async (cluster) => {
      const source = await cluster.node();
      const producer = source.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      const greeting = source.replay.greet(producer, () => [
        numbered(7_000),
        numbered(producer.position.sequence),
      ]);
      await send(producer, 25);
      const node = await cluster.node();
      const replay = node.replay.consume(Bytes, { from: "greeting" });
      const account = new Account(replay);
      await cluster.until(() => replay.when.live().met);
      await send(producer, 30);
      await cluster.until(() => account.next(source.peer) === 30);
      expect(account.story).toEqual(["greeting 7000 first", "greeting 25", "items 25 to 29"]);
      greeting[Symbol.dispose]();
      await cluster.sleep(1_000);
      const later = new Account(node.replay.consume(Bytes, { from: "greeting" }));
      await cluster.sleep(1_000);
      await send(producer, 31);
      await cluster.until(() => later.next(source.peer) === 31);
      expect(later.story).toEqual(["items 30 to 30"]);
    }));
});
