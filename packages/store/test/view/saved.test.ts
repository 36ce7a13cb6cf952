import { MemoryDisk, memoryStorage } from "@mosaik/groups/memory";
import type { Producer } from "@mosaik/streams";
import { describe, expect, it } from "vitest";
import type { FoldOptions } from "../../src/index.ts";
import { saveEveryMs } from "../../src/view/config.ts";
import { savedRoom } from "../../src/view/shell/saved-states.ts";
import { type Cluster, inCluster, type Node } from "../replay/cluster.ts";
import { Count, sums } from "./sums.ts";

const secretKey = new Uint8Array(32).fill(9);

/** A producer whose keeper has little of it, and a node that folded more, saved it and died. */
async function died(cluster: Cluster, disk: MemoryDisk, crash?: "dropped" | "torn") {
  const source = await cluster.node();
  const keeper = await source.replay.keep(Count, { items: 500 });
  const producer = source.streams.produce(Count, { onlineWhen: { atLeast: 0 } });
  const node = await cluster.node({ secretKey });
  const { view, folded } = sums();
  const fold = node.views.fold(view, { storage: memoryStorage({ disk }), fromSnapshot: false });
  await fold.when.ready();
  await send(producer, 2_000);
  const version = () => new Map([[source.peer, producer.position]]);
  await fold.when.reaches(version());
  expect([fold.missed, folded.length]).toEqual([0, 2_000]);
  await cluster.sleep(saveEveryMs + 1_000);
  await send(producer, 2_100); // not saved
  await fold.when.reaches(version());
  cluster.kill(node);
  if (crash === undefined) disk.kill();
  else disk.crash(crash);
  await send(producer, 2_200);
  await cluster.until(() => keeper.position.get(source.peer)?.sequence === 2_200);
  return { source, producer, version, hash: fold.hash() };
}

async function send(producer: Producer<number>, to: number): Promise<void> {
  for (let n = producer.position.sequence; n < to; n++) await producer.send(n);
}

async function again(cluster: Cluster, disk: MemoryDisk, options: FoldOptions = {}, version = 1) {
  const node: Node = await cluster.node({ secretKey });
  const { view, folded } = sums(version);
  const storage = memoryStorage({ disk });
  return { node, folded, fold: node.views.fold(view, { storage, ...options }) };
}

const sumTo = (end: number): number => (end * (end - 1)) / 2;

describe("a fold that is saved", () => {
  it.each(["dropped", "torn", undefined] as const)(
    "goes on where it was saved after its node was killed (%s): nothing twice, nothing missing",
    (crash) =>
      inCluster(async (cluster) => {
        const disk = new MemoryDisk();
        const { version } = await died(cluster, disk, crash);
        const { fold, folded } = await again(cluster, disk, { fromSnapshot: false });
        await fold.when.reaches(version());
        expect(folded[0]).toBe(2_000);
        expect(folded).toHaveLength(200);
        const sum = [...fold.entries()].reduce((all, [, value]) => all + value, 0);
        expect([sum, fold.size, fold.missed]).toEqual([sumTo(2_200), 1_000, 0]);
      }),
  );

  it("is saved when it is closed", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const { producer, version } = await died(cluster, disk);
      const first = await again(cluster, disk);
      await first.fold.when.reaches(version());
      await first.fold.close();
      const { view, folded } = sums();
      const second = first.node.views.fold(view, { storage: memoryStorage({ disk }) });
      await send(producer, 2_201);
      await second.when.reaches(version());
      expect(folded).toEqual([2_200]);
    }));

  it("is folded from what is kept where its definition changed, and beside the other", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const { version } = await died(cluster, disk);
      const { fold, folded } = await again(cluster, disk, { fromSnapshot: false }, 2);
      await fold.when.reaches(version());
      expect(folded.length).toBeLessThanOrEqual(500);
      expect(fold.missed + folded.length).toBe(2_200);
    }));

  it("never goes on from bytes that changed on the disk", () =>
    inCluster(async (cluster) => {
      const disk = new MemoryDisk();
      const { version } = await died(cluster, disk);
      const room = savedRoom(sums().view.id);
      const saved = disk.files(room).filter(({ name }) => name.startsWith("snapshot"));
      expect(saved).toHaveLength(1);
      for (const { name } of saved) disk.flip(room, name, 10_000);
      const { fold, folded } = await again(cluster, disk, { fromSnapshot: false });
      await fold.when.reaches(version());
      expect(fold.missed + folded.length).toBe(2_200);
      expect(fold.partial).toBe(true);
    }));

  it("goes on without where the disk is full, or somebody else has it", () =>
    inCluster(async (cluster) => {
      let isFull = false;
      const disk = new MemoryDisk({ fate: () => (isFull ? "full" : "done") });
      const { producer, version } = await died(cluster, disk);
      const { fold, node } = await again(cluster, disk);
      await fold.when.reaches(version());
      const other = await cluster.node();
      const unsaved = other.views.fold(sums().view, { storage: memoryStorage({ disk }) });
      isFull = true;
      await send(producer, 2_300);
      await Promise.all([fold, unsaved].map((view) => view.when.reaches(version())));
      await cluster.sleep(2 * saveEveryMs);
      await send(producer, 2_400);
      await Promise.all([fold, unsaved].map((view) => view.when.reaches(version())));
      expect(fold.hash()).toBe(unsaved.hash());
      await node.views.close();
    }));
});
