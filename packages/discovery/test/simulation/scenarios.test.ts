import { digest } from "@mosaik/primitives";
import { expect, test } from "vitest";
import type { DiscoveryEvent } from "../../src/discovery.ts";
import { Cluster, type ClusterNode, entryOf, knownTo } from "../cluster.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

/** What happens at a node from now on. */
function record(node: ClusterNode): DiscoveryEvent[] {
  const events: DiscoveryEvent[] = [];
  void (async () => {
    for await (const event of node.discovery.events()) events.push(event);
  })();
  return events;
}

const departures = (events: readonly DiscoveryEvent[]) =>
  events.flatMap((event) => (event.kind === "departed" ? [event.reason] : []));

async function running(seed: number, count: number) {
  const cluster = new Cluster({ seed });
  const nodes = await cluster.startAll(names(count));
  await cluster.converge({ withinMs: 5_000 });
  await cluster.world.run(2_000);
  return { cluster, nodes, world: cluster.world };
}

test("two nodes with one seed know each other within a second", async () => {
  const cluster = new Cluster({ seed: 1 });
  const [a, b] = await cluster.startAll(["a", "b"]);
  expect(await cluster.converge({ withinMs: 1_000 })).toBeLessThan(1_000);
  expect(a && knownTo(a)).toEqual([b?.peer]);
  expect(b && knownTo(b)).toEqual([a?.peer]);
  await cluster.close();
});

test("ten nodes that know only one all know each other within ten seconds", async () => {
  const cluster = new Cluster({ seed: 2 });
  await cluster.startAll(names(11));
  expect(await cluster.converge({ withinMs: 10_000 })).toBeLessThan(2_000);
  await cluster.close();
});

test("eight nodes that start at one moment know each other within a second", async () => {
  const cluster = new Cluster({ seed: 3 });
  await cluster.startAll(names(8));
  expect(await cluster.converge({ withinMs: 1_000 })).toBeLessThan(1_000);
  await cluster.close();
});

test("an entry that was fed by hand is where a sync can begin", async () => {
  const cluster = new Cluster({ seed: 4 });
  const n0 = await cluster.start("n0", { tags: ["a", "b", "c"], seeds: [] });
  const n1 = await cluster.start("n1", { seeds: [] });
  n0.discovery.offer("stream.producer", digest("test", "stream"));
  await cluster.world.run(5_000);
  expect([knownTo(n0), knownTo(n1)]).toEqual([[], []]);
  expect(n1.discovery.feed(n0.discovery.signedEntry)).toMatchObject({ ok: true });
  expect(knownTo(n1)).toEqual([n0.peer]);
  await cluster.world.settle(n1.discovery.sync(n0.peer));
  expect(knownTo(n0)).toEqual([n1.peer]);
  expect(entryOf(n1, n0)?.tags).toEqual(new Set(["a", "b", "c"]));
  expect(n1.discovery.catalog.value.offering("stream.producer", digest("test", "stream"))).toEqual([
    entryOf(n1, n0),
  ]);
  await cluster.close();
});

test("a sync with somebody unknown fails and says so", async () => {
  const { cluster, nodes, world } = await running(5, 2);
  const stranger = digest("test", "nobody") as ClusterNode["peer"];
  await expect(
    world.settle(nodes[0]?.discovery.sync(stranger) ?? Promise.resolve()),
  ).rejects.toMatchObject({ code: "DISCOVERY_SYNC_FAILED", retryable: true });
  await cluster.close();
});

test("a wait for a sync ends when its signal aborts", async () => {
  const { cluster, nodes, world } = await running(6, 2);
  const [n0, n1] = nodes as [ClusterNode, ClusterNode];
  cluster.memory.freeze(n1.peer);
  const stop = new AbortController();
  const waiting = n0.discovery.sync(n1.peer, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(world.settle(waiting)).rejects.toThrow("enough");
  cluster.memory.thaw(n1.peer);
  await cluster.close();
});

test("nodes of different networks never learn of each other", async () => {
  const cluster = new Cluster({ seed: 7 });
  const ones = [
    await cluster.start("a0", { network: "one" }),
    await cluster.start("a1", { network: "one", seeds: ["a0", "b0"] }),
  ];
  const twos = [
    await cluster.start("b0", { network: "two", seeds: ["a0", "a1"] }),
    await cluster.start("b1", { network: "two", seeds: ["b0", "a0"] }),
    await cluster.start("b2", { network: "two", seeds: ["b0"] }),
  ];
  await cluster.converge({ withinMs: 5_000, among: ones });
  await cluster.converge({ withinMs: 5_000, among: twos });
  await cluster.world.run(60_000);
  for (const group of [ones, twos]) {
    for (const node of group) {
      const others = group.filter((other) => other !== node).map(({ peer }) => peer);
      expect(knownTo(node)).toEqual(others.sort());
    }
  }
  const [a0, b0] = [ones[0], twos[0]] as [ClusterNode, ClusterNode];
  expect(a0.discovery.feed(b0.discovery.signedEntry)).toMatchObject({
    ok: false,
    error: { code: "DISCOVERY_ENTRY_FOREIGN" },
  });
  await cluster.close();
});

test("a node that closes is gone everywhere at once, and each is told", async () => {
  const cluster = new Cluster({ seed: 8 });
  const nodes = await cluster.startAll(names(3));
  const [n0, n1, n2] = nodes as [ClusterNode, ClusterNode, ClusterNode];
  const seen = [record(n0), record(n2)];
  await cluster.converge({ withinMs: 5_000 });
  await cluster.stop(n1);
  expect(await cluster.converge({ withinMs: 500 })).toBeLessThan(500);
  for (const events of seen) {
    expect(events.filter(({ kind }) => kind === "discovered")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({
      kind: "departed",
      entry: { peer: n1.peer },
      reason: "goodbye",
    });
  }
  await cluster.close();
});

test("a visitor says goodbye, however soon it leaves, and nobody has to look for it", async () => {
  const { cluster, nodes, world } = await running(9, 8);
  const seen = nodes.map(record);
  for (let stayMs = 0; stayMs < 200; stayMs += 5) {
    const visitor = await cluster.start(`visitor-${stayMs}`);
    await world.run(stayMs);
    await cluster.stop(visitor);
    await world.run(500);
    for (const node of nodes) expect(entryOf(node, visitor), `after ${stayMs} ms`).toBe(undefined);
  }
  await world.run(5_000);
  for (const events of seen) {
    expect(events.length).toBeGreaterThan(20);
    expect(new Set(departures(events))).toEqual(new Set(["goodbye"]));
  }
  await cluster.close();
});

test("a killed node of eight is noticed by all within two seconds, and its return too", async () => {
  for (const seed of [9, 10, 11, 12, 13]) {
    const { cluster, nodes } = await running(seed, 8);
    const victim = nodes[3] as ClusterNode;
    const seen = nodes.filter((node) => node !== victim).map(record);
    cluster.kill(victim);
    expect(await cluster.converge({ withinMs: 2_000 })).toBeLessThan(2_000);
    for (const events of seen) expect(departures(events)).toEqual(["unreachable"]);
    await cluster.start("n3");
    expect(await cluster.converge({ withinMs: 2_000 })).toBeLessThan(2_000);
    await cluster.close();
  }
});

test("a node that is killed and back before anybody knew is taken for what it is now", async () => {
  const { cluster, nodes } = await running(14, 5);
  cluster.kill(nodes[2] as ClusterNode);
  await cluster.world.run(50);
  const back = await cluster.start("n2", { tags: ["again"] });
  const others = [...cluster.nodes.values()].filter((node) => node !== back);
  const isKnown = (node: ClusterNode) => entryOf(node, back)?.tags.has("again") === true;
  await cluster.world.runUntil(() => others.every(isKnown), { withinMs: 2_000 });
  await cluster.world.run(10_000);
  await cluster.converge({ withinMs: 1 });
  await cluster.close();
});

test("the seed too may die and come back", async () => {
  const { cluster, nodes } = await running(15, 6);
  cluster.kill(nodes[0] as ClusterNode);
  await cluster.converge({ withinMs: 2_000 });
  await cluster.world.run(30_000);
  await cluster.start("n0", { seeds: [] });
  expect(await cluster.converge({ withinMs: 20_000 })).toBeLessThan(20_000);
  await cluster.close();
});

test("nodes whose seed is not up yet find each other once it is", async () => {
  const cluster = new Cluster({ seed: 16 });
  cluster.addressOf("seed");
  await cluster.startAll(names(4));
  await cluster.world.run(60_000);
  await cluster.start("seed");
  expect(await cluster.converge({ withinMs: 20_000 })).toBeLessThan(20_000);
  await cluster.close();
});

test("a seed that is the node itself is left alone", async () => {
  const cluster = new Cluster({ seed: 17 });
  await cluster.startAll(["a", "b"], { seeds: ["a", "b"] });
  await cluster.converge({ withinMs: 1_000 });
  await cluster.world.run(60_000);
  await cluster.converge({ withinMs: 1 });
  await cluster.close();
});

test.each([60_000, 3_600_000])(
  "a node that comes back with its clock set back by %d ms is known again",
  async (backMs) => {
    const { cluster, nodes } = await running(18, 4);
    await cluster.world.run(20_000);
    cluster.kill(nodes[1] as ClusterNode);
    await cluster.world.run(100);
    const back = await cluster.start("n1", { skewMs: -backMs, tags: ["again"] });
    const others = [...cluster.nodes.values()].filter((node) => node !== back);
    const isKnown = (node: ClusterNode) => entryOf(node, back)?.tags.has("again") === true;
    await cluster.world.runUntil(() => others.every(isKnown), { withinMs: 5_000 });
    await cluster.converge({ withinMs: 5_000 });
    await cluster.world.run(400_000);
    await cluster.converge({ withinMs: 1 });
    await cluster.close();
  },
);

test("the two halves of a partition take each other for gone, and find each other again", async () => {
  const { cluster, nodes, world } = await running(19, 8);
  const [left, right] = [nodes.slice(0, 4), nodes.slice(4)];
  const peersOf = (half: readonly ClusterNode[]) => half.map(({ peer }) => peer);
  const cut = cluster.memory.partition(peersOf(left), peersOf(right));
  await Promise.resolve();
  await world.runUntil(
    () => [left, right].every((half) => half.every((node) => knownTo(node).length === 3)),
    { withinMs: 90_000 },
  );
  await world.run(30_000);
  cut[Symbol.dispose]();
  expect(await cluster.converge({ withinMs: 30_000 })).toBeLessThan(30_000);
  await cluster.close();
});

test("a short cut leaves no trace", async () => {
  const { cluster, nodes, world } = await running(20, 8);
  const cut = cluster.memory.partition(
    nodes.slice(0, 4).map(({ peer }) => peer),
    nodes.slice(4).map(({ peer }) => peer),
  );
  await world.run(8_000);
  cut[Symbol.dispose]();
  expect(await cluster.converge({ withinMs: 15_000 })).toBeLessThan(15_000);
  await world.run(120_000);
  await cluster.converge({ withinMs: 1 });
  await cluster.close();
});

test("a silent peer holds up nobody", async () => {
  const { cluster, nodes } = await running(21, 6);
  const silent = nodes[2] as ClusterNode;
  cluster.memory.freeze(silent.peer);
  silent.clock.pause();
  const late = await cluster.start("late");
  const awake = [...cluster.nodes.values()].filter((node) => node !== silent);
  await cluster.world.runUntil(
    () => awake.every((node) => node === late || knownTo(node).includes(late.peer)),
    { withinMs: 2_000 },
  );
  await cluster.converge({ withinMs: 30_000, among: awake });
  cluster.memory.thaw(silent.peer);
  silent.clock.resume();
  expect(await cluster.converge({ withinMs: 20_000 })).toBeLessThan(20_000);
  await cluster.close();
});

test("changes reach everybody at once, and those of one turn together", async () => {
  const { cluster, nodes, world } = await running(22, 8);
  const [n0, n5] = [nodes[0], nodes[5]] as [ClusterNode, ClusterNode];
  const seen = record(n5);
  const id = digest("test", "stream");
  n0.discovery.addTags("hub", "eu");
  const offer = n0.discovery.offer("stream.producer", id);
  n0.discovery.removeTags("eu");
  expect(n0.discovery.catalog.value.me.tags).toEqual(new Set(["hub"]));
  const tookMs = await world.runUntil(
    () => nodes.every((node) => node === n0 || entryOf(node, n0)?.tags.has("hub") === true),
    { withinMs: 1_000 },
  );
  expect(tookMs).toBeLessThan(200);
  expect(n5.discovery.catalog.value.offering("stream.producer", id)).toHaveLength(1);
  await world.run(1_000);
  expect(seen).toMatchObject([{ kind: "updated", before: { tags: new Set() } }]);
  offer[Symbol.dispose]();
  offer[Symbol.dispose]();
  await world.runUntil(
    () =>
      nodes.every(
        (node) => node.discovery.catalog.value.offering("stream.producer", id).length === 0,
      ),
    { withinMs: 1_000 },
  );
  await cluster.close();
});

test("in a network where nothing happens nobody wakes, and nobody departs", async () => {
  const { cluster, nodes, world } = await running(23, 8);
  let wakes = 0;
  for (const node of nodes) node.discovery.catalog.subscribe(() => wakes++);
  const seen = nodes.map(record);
  await world.run(900_000);
  expect(wakes).toBe(0);
  expect(seen.flat()).toEqual([]);
  await cluster.close();
});

test("waiting for peers ends when they are there", async () => {
  const cluster = new Cluster({ seed: 24 });
  const n0 = await cluster.start("n0");
  const two = n0.discovery.when.discovered({ atLeast: 2 });
  const hub = n0.discovery.when.discovered({ tags: ["hub"] });
  const never = n0.discovery.when.discovered({ where: () => false });
  expect([two.met, hub.met, hub.inverse().met]).toEqual([false, false, true]);
  const both = Promise.all([two, hub]);
  await cluster.start("n1", { tags: ["hub"] });
  const n2 = await cluster.start("n2");
  await cluster.world.settle(both, { withinMs: 2_000 });
  expect([two.met, hub.met, never.met]).toEqual([true, true, false]);
  await cluster.stop(n2);
  await cluster.world.settle(Promise.resolve(two.inverse()), { withinMs: 2_000 });
  await cluster.close();
});

test("what is known of a peer includes the round trip to it", async () => {
  const { cluster, nodes } = await running(25, 2);
  const [n0, n1] = nodes as [ClusterNode, ClusterNode];
  expect(n0.discovery.info(n1.peer)).toMatchObject({ peer: n1.peer });
  expect(n0.discovery.info(n1.peer)?.rttMs).toBeGreaterThan(0);
  expect(n0.discovery.info(n0.peer)).toBeUndefined();
  await cluster.close();
});

test("two nodes that run with one key do not drown the network", async () => {
  const { cluster, nodes, world } = await running(27, 3);
  await cluster.start("n1\0"); // the same key, another address
  await world.run(5_000);
  let changes = 0;
  for (const node of [nodes[0], nodes[2]]) node?.discovery.catalog.subscribe(() => changes++);
  await world.run(60_000);
  expect(changes).toBeLessThan(2 * 90);
  await cluster.close();
});

test("addresses that turn up by themselves are enough to begin", async () => {
  const cluster = new Cluster({ seed: 28 });
  const a = await cluster.start("a", { seeds: [] });
  const b = await cluster.start("b", { seeds: [] });
  await cluster.world.run(5_000);
  expect(knownTo(b)).toEqual([]);
  b.discover([cluster.addressOf("nobody"), a.address]);
  b.discover([b.address]);
  await cluster.converge({ withinMs: 1_000 });
  await cluster.world.run(60_000);
  await cluster.converge({ withinMs: 1 });
  await cluster.close();
});

test("the same seed gives the same run, another seed another", async () => {
  const hashOf = async (seed: number) => {
    const cluster = new Cluster({ seed });
    const nodes = await cluster.startAll(names(6));
    await cluster.converge({ withinMs: 5_000 });
    cluster.kill(nodes[2] as ClusterNode);
    await cluster.world.run(20_000);
    await cluster.start("n2");
    await cluster.world.run(20_000);
    await cluster.close();
    return cluster.world.trace.hash;
  };
  const hash = await hashOf(26);
  expect(await hashOf(26)).toBe(hash);
  expect(await hashOf(27)).not.toBe(hash);
});
