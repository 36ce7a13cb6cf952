import { indexedDbStorage } from "@mosaik/groups/browser";
import { createNode, lanTimings, memoryStorage, type Node, parseGroupKey } from "mosaik";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Notes, resign, Seen, Sum, Ticks, Words } from "./definitions.ts";

interface Cluster {
  readonly invite: string;
  readonly key: string;
  readonly notes: string;
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

/** The peer that leads, as a member sees it. */
function leaderOf({ status }: Awaited<ReturnType<typeof observe>>): string | undefined {
  const { leader, members } = status.value;
  return members.find(({ id }) => id === leader)?.peer;
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
    await using words = page.streams.produce(Words);
    await words.when.subscribed();
    await words.send({ text: "seven c" });
    const total = async () => (await group.query("total", { consistency: "weak" })).value;
    await expect.poll(total, { timeout: 10_000 }).toBe(before + 7);
  });

  it("writes to a store, and a process has it", async () => {
    const key = parseGroupKey(cluster.notes);
    const notes = await page.stores.writer(Notes, { key, storage: memoryStorage() });
    await using seen = page.streams.consume(Seen);
    await notes.when.online();
    await seen.when.subscribed();
    expect(await notes.set("page", "hello")).toMatchObject({ applied: true });
    for await (const { what } of seen) if (what === "page: hello") break;
    await notes.close();
  });

  it("sees within a second that another leads the group it observes", async () => {
    await using seen = page.streams.consume(Seen);
    await seen.when.subscribed();
    const noticed = new Map<string, number>();
    using _ = group.status.subscribe(({ leader, members }) => {
      const peer = members.find(({ id }) => id === leader)?.peer;
      if (peer !== undefined && !noticed.has(peer)) noticed.set(peer, Date.now());
    });
    const before = leaderOf(group);
    await using words = page.streams.produce(Words);
    await words.when.subscribed();
    await words.send({ text: resign });
    for await (const { what, at } of seen) {
      const [, next] = /^leader (\w+)$/.exec(what) ?? [];
      if (next === undefined || next === before) continue;
      await expect.poll(() => noticed.get(next)).toBeDefined();
      expect((noticed.get(next) ?? 0) - at).toBeLessThan(1_000);
      break;
    }
  });

  it("is a member that votes, when asked to be", async () => {
    await using other = await createNode({ network: "browser", seeds: [cluster.invite] });
    const member = await other.groups.join({
      key: parseGroupKey(cluster.key),
      machine: Sum,
      storage: indexedDbStorage({ name: "voting" }),
      founders: 3,
      timings: lanTimings,
    });
    await member.when.online();
    const isVoter = () =>
      member.status.value.members.some(({ peer, voting }) => peer === other.peer && voting);
    await expect.poll(isVoter, { timeout: 10_000 }).toBe(true);
    expect(await member.execute({ add: 1 })).toBeGreaterThan(1);
  });
});
