import { randomInteger, sample } from "@mosaik/primitives";
import { expect, test } from "vitest";
import { Cluster, type ClusterNode } from "../cluster.ts";

const names = Array.from({ length: 10 }, (_, index) => `n${index}`);

/** Starts, stops, kills and cuts off nodes for two minutes, then lets the network come to rest. */
async function survive(
  seed: number,
): Promise<{ readonly healedMs: number; readonly hash: string }> {
  const cluster = new Cluster({ seed, latencyMs: [1, 60], connectionLoss: 0.0002 });
  const { world, memory } = cluster;
  const random = world.random("nemesis");
  const seeds = names.slice(0, 2);
  await cluster.startAll(names, { seeds });
  const anyone = (): ClusterNode | undefined => sample(random, [...cluster.nodes.values()], 1)[0];
  for (let round = 0; round < 24; round++) {
    const victim = anyone();
    const down = names.filter((name) => !cluster.nodes.has(name));
    const what = randomInteger(random, 0, 5);
    if (what === 0 && victim !== undefined) cluster.kill(victim);
    else if (what === 1 && victim !== undefined) await cluster.stop(victim);
    else if (what === 2) for (const name of down) await cluster.start(name, { seeds });
    else if (what === 3) {
      const peers = [...cluster.nodes.values()].map(({ peer }) => peer);
      memory.partition(sample(random, peers, Math.floor(peers.length / 2)));
    } else if (what === 4) memory.heal();
    else if (victim !== undefined) victim.discovery.addTags(`round-${round % 20}`);
    await world.run(randomInteger(random, 0, 10_000));
  }
  memory.heal();
  memory.change({ connectionLoss: 0 });
  for (const name of names) {
    if (!cluster.nodes.has(name)) await cluster.start(name, { seeds });
  }
  const healedMs = await cluster.converge({ withinMs: 60_000 });
  await world.runUntil(() => agree([...cluster.nodes.values()]), { withinMs: 60_000 });
  await world.run(60_000);
  await cluster.converge({ withinMs: 1 });
  await cluster.close();
  return { healedMs, hash: world.trace.hash };
}

/** Whether all say the same of everybody as each says of itself. */
function agree(nodes: readonly ClusterNode[]): boolean {
  return nodes.every((author) => {
    const own = [...author.discovery.catalog.value.me.tags].sort().join();
    return nodes.every((node) => {
      const entry = node.discovery.catalog.value.peers.get(author.peer);
      return node === author || [...(entry?.tags ?? [])].sort().join() === own;
    });
  });
}

// A longer search: DISCOVERY_SEED=100 DISCOVERY_SEEDS=50 vitest run test/simulation/chaos
const { DISCOVERY_SEED, DISCOVERY_SEEDS } = process.env;
const from = Number(DISCOVERY_SEED ?? 1);
const count = Number(DISCOVERY_SEEDS ?? 4);

test.each(Array.from({ length: count }, (_, index) => from + index))(
  "whatever happened before, ten nodes all know each other again (seed %d)",
  async (seed) => {
    const { healedMs } = await survive(seed);
    expect(healedMs).toBeLessThan(30_000);
  },
);

test("a run of chaos repeats itself", async () => {
  expect((await survive(1_000)).hash).toBe((await survive(1_000)).hash);
});
