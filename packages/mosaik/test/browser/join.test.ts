import { indexedDbStorage } from "@mosaik/groups/browser";
import { createNode, lanTimings, type Node, parseGroupKey } from "mosaik";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Sum, Ticks, Words } from "./definitions.ts";

interface Cluster {
  readonly invite: string;
  readonly key: string;
  readonly peers: readonly string[];
}

function observe(page: Node, key: string) {
  return page.groups.join({
    key: parseGroupKey(key),
    machine: Sum,
    storage: indexedDbStorage(),
    founders: 3,
    timings: lanTimings,
    preference: "observer",
  });
}

describe("a page in a network of processes", () => {
  let pid = 0;
  let cluster: Cluster;
  let page: Node;
  let group: Awaited<ReturnType<typeof observe>>;

  beforeAll(async () => {
    const started = await commands.startNode("packages/mosaik/test/browser/cluster.ts");
    pid = started.pid;
    cluster = JSON.parse(started.line);
    page = await createNode({ network: "browser", seeds: [cluster.invite], tags: ["page"] });
  });
  afterAll(async () => {
    await page.close();
    await commands.stopNode(pid, "SIGKILL");
  });

  it("finds all of them by the invite to one", async () => {
    await page.discovery.when.discovered({ atLeast: 3 });
    const found = page.discovery.catalog.value.peers;
    expect([...found.keys()]).toEqual(expect.arrayContaining([...cluster.peers]));
  });

  it("reads a stream, every item in its order", async () => {
    const numbers: number[] = [];
    for await (const { n } of page.streams.consume(Ticks)) {
      numbers.push(n);
      if (numbers.length === 20) break;
    }
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
  });

  it("observes a group, and has commands of its own carried out", async () => {
    group = await observe(page, cluster.key);
    await group.when.online();
    const before = await group.query("total", { consistency: "strong" });
    expect(before.value).toBeGreaterThanOrEqual(1);
    expect(await group.execute({ add: 10 })).toBe(before.value + 10);
    expect(group.status.value.members.find(({ peer }) => peer === page.peer)).toMatchObject({
      voting: false,
    });
  });

  it("is read by processes that it has a connection to", async () => {
    const before = (await group.query("total", { consistency: "strong" })).value;
    const words = page.streams.produce(Words);
    await words.when.subscribed();
    await words.send({ text: "seven c" });
    const total = async () => (await group.query("total", { consistency: "weak" })).value;
    await expect.poll(total, { timeout: 10_000 }).toBe(before + 7);
  });
});
