import { type Discovery, discovery } from "@mosaik/discovery";
import { decodeUtf8, encodeUtf8, type PeerId } from "@mosaik/primitives";
import { until, World, type WorldClock } from "@mosaik/testing";
import { createNetwork, type NetworkHandle } from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";
import { z } from "zod";
import {
  defineMachine,
  type Group,
  GroupKey,
  type Groups,
  groups,
  type JoinOptions,
  lanTimings,
} from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";

/** A node of a simulated network. */
export interface Node extends NetworkHandle {
  readonly discovery: Discovery;
  readonly groups: Groups;
  readonly clock: WorldClock;
}

/** The machine of most tests: a sum. */
export const Counter = defineMachine({
  name: "counter",
  command: z.union([z.object({ add: z.number() }), z.object({ fail: z.string() })]),
  create: () => {
    let total = 0;
    return {
      apply: (command) => {
        if ("fail" in command) throw new TypeError(command.fail);
        total += command.add;
        return total;
      },
      query: (_: "total") => total,
      snapshot: () => [encodeUtf8(String(total))],
      restore: (chunk) => {
        total = Number(decodeUtf8(chunk));
      },
      fingerprint: () => encodeUtf8(String(total)),
    };
  },
});

/** A handle to a group of counters. */
export type CounterGroup = Group<{ add: number } | { fail: string }, number, "total", number>;
type CounterOptions = JoinOptions<{ add: number } | { fail: string }, number, "total", number>;

/** A key for tests: of one byte again and again. */
export function testKey(byte = 1): GroupKey {
  return GroupKey.of(new Uint8Array(16).fill(byte));
}

/** A simulated network in which a test runs. */
export class Cluster {
  readonly world: World;
  readonly memory: MemoryNetwork;
  readonly #nodes = new Set<Node>();
  readonly #keys = new Map<PeerId, Uint8Array>();
  #started = 0;

  constructor(seed: number, conditions: Partial<MemoryConditions>) {
    this.world = new World({ seed });
    this.memory = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      latencyMs: [1, 3],
      ...conditions,
    });
  }

  /** Starts a node; `secretKey`: as who. */
  async node(init: { readonly secretKey?: Uint8Array } = {}): Promise<Node> {
    const number = ++this.#started;
    const random = this.world.random(`node ${number}`);
    const clock = this.world.clock();
    const secretKey = init.secretKey ?? random.bytes(32);
    const network = await createNetwork({
      network: "test",
      seeds: Array.from({ length: number - 1 }, (_, before) => `/memory/${before + 1}`),
      secretKey,
      transport: this.memory.transport({ address: `/memory/${number}` }),
      system: { clock, random },
      services: { discovery: discovery(), groups: groups() },
    });
    const node = Object.assign(Object.create(network) as typeof network, { clock });
    this.#nodes.add(node);
    this.#keys.set(node.peer, secretKey);
    return node;
  }

  /** The secret key of a node. */
  keyOf({ peer }: Node): Uint8Array {
    const key = this.#keys.get(peer);
    if (key === undefined) throw new Error("no such node");
    return key;
  }

  /** Starts so many nodes that know each other. */
  async nodes(count: number): Promise<Node[]> {
    const nodes: Node[] = [];
    for (let at = 0; at < count; at++) nodes.push(await this.node());
    await Promise.all(
      nodes.map(({ discovery: own }) => own.when.discovered({ atLeast: count - 1 })),
    );
    return nodes;
  }

  /** Joins the counters' group. */
  join(node: Node, options: Partial<CounterOptions> = {}): Promise<CounterGroup> {
    return node.groups.join({
      key: testKey(),
      machine: Counter,
      storage: memoryStorage(),
      timings: lanTimings,
      ...options,
    });
  }

  /** A group of so many nodes, all of them voters and online. */
  async group(
    count: number,
    options: Partial<CounterOptions> = {},
  ): Promise<{ nodes: Node[]; members: CounterGroup[] }> {
    const nodes = await this.nodes(count);
    const own = (at: number) => ({ storage: memoryStorage(), founders: count, ...options, at });
    const members = await Promise.all(nodes.map((node, at) => this.join(node, own(at))));
    await this.until(() => members.every(({ status: { value } }) => value.online), 20_000);
    return { nodes, members };
  }

  /** Ends a node as when its process dies. */
  kill(node: Node): void {
    this.memory.kill(node.peer);
    node.clock.pause();
    this.#nodes.delete(node);
  }

  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void> {
    return this.world.sleep(ms);
  }

  /** Waits for something, at most so many virtual milliseconds. */
  within<Value>(ms: number, what: PromiseLike<Value>): Promise<Value> {
    return this.world.within(ms, what);
  }

  /** Waits until something holds, at most so many virtual milliseconds. */
  until(holds: () => boolean, withinMs = 5_000): Promise<void> {
    return until(holds, { clock: this.world.clock(), withinMs });
  }

  /** Ends all nodes. */
  async close(): Promise<void> {
    await Promise.all([...this.#nodes].map((node) => node.close()));
  }
}

/** Runs a test in a simulated network; up to ten virtual minutes. */
export async function inCluster(
  test: (cluster: Cluster) => Promise<void>,
  options: { readonly seed?: number } & Partial<MemoryConditions> = {},
): Promise<void> {
  const { seed = 1, ...conditions } = options;
  const cluster = new Cluster(seed, conditions);
  await cluster.world.settle(
    test(cluster).finally(() => cluster.close()),
    { withinMs: 600_000 },
  );
}

/** The handle of whoever leads. */
export function leaderOf(members: readonly CounterGroup[]): CounterGroup {
  const leader = members.find(({ status: { value } }) => value.role === "leader");
  if (leader === undefined) throw new Error("nobody leads");
  return leader;
}

/** The handles of the others. */
export function followersOf(members: readonly CounterGroup[]): CounterGroup[] {
  return members.filter(({ status: { value } }) => value.role !== "leader");
}

/** The node of a handle. */
export function nodeOf(nodes: readonly Node[], group: CounterGroup): Node {
  const node = nodes.find(({ peer }) => group.me.startsWith(peer));
  if (node === undefined) throw new Error("no such node");
  return node;
}

/** The peers of handles. */
export function peersOf(groups: readonly CounterGroup[]): PeerId[] {
  return groups.map(({ me }) => me.slice(0, 64) as PeerId); // a member id begins with its peer's
}
