import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discovery } from "@mosaik/discovery";
import { MemoryDisk } from "@mosaik/groups/memory";
import { systemClock } from "@mosaik/primitives/system";
import { type Producer, streams } from "@mosaik/streams";
import { until } from "@mosaik/testing";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { describe, expect, it } from "vitest";
import { type BlockStorage, replay } from "../../src/index.ts";
import { blockFiles } from "../../src/replay/node/index.ts";
import { openSegmentRoom } from "../../src/replay/shell/segment-room.ts";
import { Account, Bytes, numbered } from "./account.ts";
import { type Cluster, inCluster, type Node } from "./cluster.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

function on(disk: MemoryDisk): BlockStorage {
  const open: BlockStorage["open"] = async (stream) =>
    openSegmentRoom(disk.open(stream), stream, sha256);
  return { durable: true, open };
}

async function send(producer: Producer<Uint8Array>, to: number): Promise<void> {
  for (let n = producer.position.sequence; n < to; n++) await producer.send(numbered(n));
}

/** A producer, and a keeper on a disk that has some of what was sent before it was killed. */
async function killed(cluster: Cluster, disk: MemoryDisk, crash?: "dropped" | "torn") {
  const source = await cluster.node();
  const secretKey = new Uint8Array(32).fill(9);
  const keeperNode = await cluster.node({ secretKey });
  const keeper = await keeperNode.replay.keep(Bytes, { storage: on(disk) });
  const producer = source.streams.produce(Bytes);
  await send(producer, 3_000);
  await cluster.until(() => keeper.status.value.items === 3_000);
  await keeper.flush();
  await send(producer, 3_100); // what is open when it dies is not stored
  await cluster.sleep(100);
  cluster.kill(keeperNode);
  if (crash === undefined) disk.kill();
  else disk.crash(crash);
  return { source, producer, secretKey };
}

async function restarted(cluster: Cluster, disk: MemoryDisk, secretKey: Uint8Array) {
  const node: Node = await cluster.node({ secretKey });
  return node.replay.keep(Bytes, { storage: on(disk) });
}

describe("a keeper on a disk", () => {
  it.each(["dropped", "torn", undefined] as const)(
    "goes on where its disk ends after it was killed (%s), and tells what it missed",
    (crash) =>
      inCluster(async (cluster) => {
        const disk = new MemoryDisk();
        const { source, producer, secretKey } = await killed(cluster, disk, crash);
        const keeper = await restarted(cluster, disk, secretKey);
        expect(keeper.status.value).toMatchObject({ durability: "fsync", damagedBlocks: 0 });
        const kept = keeper.position.get(source.peer)?.sequence ?? 0;
        expect(kept).toBeGreaterThanOrEqual(3_000);
        const isBack = () => producer.consumers.every(({ items }) => items === 0);
        await cluster.until(() => producer.online && isBack(), 60_000);
        const { sequence } = producer.position;
        await send(producer, 3_200);
        const node = await cluster.node();
        const account = new Account(node.replay.consume(Bytes));
        await cluster.until(() => account.next(source.peer) === 3_200, 20_000);
        expect(account.faults).toEqual([]);
        expect(account.missed).toBe(sequence - kept);
        expect(account.items).toBe(3_200 - account.missed);
      }),
  );

  it("finds a flipped byte, says so, and serves a gap in the place of the block", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const { source, secretKey } = await killed(cluster, disk);
      const [file] = disk.files(Bytes.id).filter(({ name }) => name.startsWith("blocks-"));
      disk.flip(Bytes.id, file?.name ?? "", 5_000);
      const keeper = await restarted(cluster, disk, secretKey);
      const node = await cluster.node();
      const account = new Account(node.replay.consume(Bytes));
      await cluster.until(() => (account.next(source.peer) ?? 0) >= 3_000, 20_000);
      expect(account.faults).toEqual([]);
      expect(account.missed).toBeGreaterThan(0);
      expect(keeper.status.value.damagedBlocks).toBe(1);
    }));

  it("finds the blocks behind a head that was changed", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const { source, secretKey } = await killed(cluster, disk);
      const [file] = disk.files(Bytes.id).filter(({ name }) => name.startsWith("blocks-"));
      disk.flip(Bytes.id, file?.name ?? "", 50);
      const keeper = await restarted(cluster, disk, secretKey);
      expect(keeper.status.value.damagedBlocks).toBe(1);
      expect(keeper.status.value.items).toBeGreaterThan(1_000);
      expect(keeper.position.get(source.peer)?.sequence).toBeGreaterThanOrEqual(3_000);
    }));

  it("stops, with the reason, where its disk is full, and the stream goes on", () =>
    inCluster(async (cluster) => {
      let isFull = false;
      const disk = new MemoryDisk({
        fate: ({ kind }) => (isFull && kind === "write" ? "full" : "done"),
      });
      const [source, keeperNode] = [await cluster.node(), await cluster.node()];
      const keeper = await keeperNode.replay.keep(Bytes, { storage: on(disk) });
      const producer = source.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      await cluster.until(() => producer.consumers.length === 1);
      isFull = true;
      await send(producer, 2_000);
      await cluster.until(() => keeper.status.value.state === "failed");
      expect(keeper.status.value.error).toMatchObject({ code: "ENOSPC" });
      await send(producer, 2_100);
      await keeper.close();
    }));

  it("frees what it keeps no more", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const node = await cluster.node();
      const bytes = 24 * 1024 * 1024;
      const keeper = await node.replay.keep(Bytes, { storage: on(disk), bytes });
      const producer = node.streams.produce(Bytes, { lag: { policy: "wait" } });
      for (let n = 0; n < 1_000; n++) await producer.send(numbered(n, 60_000));
      await cluster.until(() => producer.consumers[0]?.items === 1_000);
      await keeper.flush();
      await cluster.sleep(3_000);
      const stored = disk.files(Bytes.id).reduce((sum, file) => sum + file.bytes, 0);
      expect(keeper.status.value.bytes).toBeLessThanOrEqual(bytes);
      expect(stored).toBeLessThan(bytes + 20 * 1024 * 1024);
    }));
});

describe("a keeper in files, over sockets", () => {
  it("has after a restart what it kept, and finds what was changed meanwhile", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mosaik-history-"));
    const start = (seeds: string[]) =>
      createNetwork({
        network: "history",
        seeds,
        transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
        services: { discovery: discovery(), streams: streams(), replay: replay() },
      });
    const wait = (holds: () => boolean) => until(holds, { clock: systemClock, withinMs: 20_000 });
    const source = await start([]);
    const invite = source.invite();
    let keeperNode = await start([invite]);
    let keeper = await keeperNode.replay.keep(Bytes, { storage: blockFiles(folder) });
    const producer = source.streams.produce(Bytes);
    await send(producer, 5_000);
    await wait(() => keeper.position.get(source.peer)?.sequence === 5_000);
    const second = await start([invite]);
    await expect(second.replay.keep(Bytes, { storage: blockFiles(folder) })).rejects.toMatchObject({
      code: "STORE_HISTORY_LOCKED",
    });
    await keeperNode.close();
    keeperNode = await start([invite]);
    keeper = await keeperNode.replay.keep(Bytes, { storage: blockFiles(folder) });
    expect(keeper.status.value).toMatchObject({ items: 5_000, damagedBlocks: 0 });
    await wait(() => producer.online);
    await send(producer, 5_500);
    const account = new Account(second.replay.consume(Bytes));
    await wait(() => account.next(source.peer) === 5_500);
    expect(account.story).toEqual(["items 0 to 5499"]);
    await keeperNode.close();
    const [stream = ""] = await readdir(folder);
    const [first = ""] = (await readdir(join(folder, stream))).sort();
    const content = await readFile(join(folder, stream, first));
    content[10_000] = (content[10_000] ?? 0) ^ 1;
    await writeFile(join(folder, stream, first), content);
    keeperNode = await start([invite]);
    keeper = await keeperNode.replay.keep(Bytes, { storage: blockFiles(folder), backfills: false });
    const later = new Account(second.replay.consume(Bytes));
    await wait(() => later.next(source.peer) === 5_500);
    expect(later.faults).toEqual([]);
    expect(later.missed).toBeGreaterThan(0);
    expect(keeper.status.value.damagedBlocks).toBe(1);
    await Promise.all([source, keeperNode, second].map((node) => node.close()));
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
});
