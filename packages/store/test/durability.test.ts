import { MemoryDisk, memoryStorage } from "@mosaik/groups/memory";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineMap, type MapWriter, type StoreError } from "../src/index.ts";
import { type Cluster, inCluster, type Node } from "./cluster.ts";
import { range } from "./scenarios/play.ts";

const Kept = defineMap({ name: "kept", durability: "fsync", key: z.number(), value: z.number() });
type Kept = MapWriter<number, number>;

/** Three writers on disks, each on a node. */
class Trio {
  readonly #cluster: Cluster;
  readonly disks: MemoryDisk[];
  readonly nodes: Node[] = [];
  readonly writers: Kept[] = [];

  constructor(cluster: Cluster, disks: readonly MemoryDisk[] = []) {
    this.#cluster = cluster;
    this.disks = range(0, 2).map((at) => disks[at] ?? new MemoryDisk());
  }

  async open(): Promise<Kept> {
    for (const at of range(0, 2)) this.nodes[at] = await this.#cluster.node();
    await Promise.all(range(0, 2).map((at) => this.#join(at)));
    await this.#cluster.online(...this.writers);
    return this.at(0);
  }

  at(index: number): Kept {
    const writer = this.writers[index];
    if (writer === undefined) throw new Error("no such writer");
    return writer;
  }

  /** Cuts the power of some nodes, and starts them again on what their disks had synced. */
  async restart(...indices: readonly number[]): Promise<void> {
    const keys = indices.map((at) => this.#cluster.keyOf(this.#node(at)));
    for (const at of indices) this.#cluster.kill(this.#node(at));
    for (const at of indices) this.disks[at]?.crash("dropped");
    for (const [which, at] of indices.entries()) {
      const secretKey = keys[which];
      if (secretKey) this.nodes[at] = await this.#cluster.node({ secretKey });
    }
    await Promise.all(indices.map((at) => this.#join(at)));
    await this.#cluster.online(...this.writers);
  }

  async #join(at: number): Promise<void> {
    const disk = this.disks[at];
    if (disk === undefined) throw new Error("no such disk");
    const storage = memoryStorage({ disk });
    const limits = { snapshotEntries: 16, snapshotTrailing: 4 };
    const options = { storage, founders: 3, limits };
    this.writers[at] = await this.#cluster.writer(Kept, options, this.#node(at));
  }

  #node(at: number): Node {
    const node = this.nodes[at];
    if (node === undefined) throw new Error("no such node");
    return node;
  }
}

it.each([
  ["one member", [0]],
  ["a majority", [0, 1]],
  ["all members", [0, 1, 2]],
])("everything acknowledged is there after a restart of %s", (_who, indices) =>
  inCluster(async (cluster) => {
    const trio = new Trio(cluster);
    const writer = await trio.open();
    let version = 0;
    for (const n of range(1, 40)) ({ version } = await writer.set(n, n * 10));
    await trio.restart(...indices);
    await cluster.reach(version, ...trio.writers);
    for (const each of trio.writers)
      expect([...each]).toEqual(range(1, 40).map((n) => [n, n * 10]));
    const after = await trio.at(0).set(41, 410);
    expect(after.version).toBeGreaterThan(version);
    expect(trio.at(0).status.value.durability).toBe("fsync");
  }),
);

it("a full disk stops its member by name, and nothing acknowledged is lost", () =>
  inCluster(async (cluster) => {
    let isFull = false;
    const full = new MemoryDisk({
      fate: ({ kind }) => (isFull && kind === "write" ? "full" : "done"),
    });
    const trio = new Trio(cluster, [full]);
    const victim = await trio.open();
    const acknowledged = await victim.set(1, 10);
    isFull = true;
    const error = await victim.set(2, 20).catch((failure: StoreError) => failure);
    expect(error).toMatchObject({ code: "STORE_STORAGE_FAILED", data: { value: 20 } });
    expect(victim.status.value.state).toBe("halted");
    const watching = (async () => {
      for await (const _ of victim.watch()) break;
    })();
    await expect(watching).rejects.toMatchObject({ code: "STORE_STORAGE_FAILED" });
    const others = [trio.at(1), trio.at(2)];
    await cluster.until(() => others.some(({ status }) => status.value.role === "leader"), 20_000);
    const { version } = await trio.at(1).set(3, 30);
    await cluster.reach(Math.max(version, acknowledged.version), ...others);
    for (const each of others) expect([each.get(1), each.get(3)]).toEqual([10, 30]);
  }));
