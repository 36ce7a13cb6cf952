import { type Discovery, discovery } from "@mosaik/discovery";
import { GroupKey, type Groups, groups, lanTimings } from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import type { PeerId } from "@mosaik/primitives";
import { until, World, type WorldClock } from "@mosaik/testing";
import { createNetwork, type NetworkHandle } from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";
import {
  type OpenOptions,
  type Store,
  type StoreDefinition,
  type Stores,
  stores,
} from "../src/index.ts";

/** A node of a simulated network. */
export interface Node extends NetworkHandle {
  readonly discovery: Discovery;
  readonly groups: Groups;
  readonly stores: Stores;
  readonly clock: WorldClock;
}

/** How tests open stores, where they say nothing else. */
export type Opening = Partial<OpenOptions>;

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
      services: { discovery: discovery(), groups: groups(), stores: stores() },
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

  /** Opens a store to write, on a new node unless one is given. */
  async writer<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: Opening = {},
    node?: Node,
  ): Promise<Writer> {
    return (node ?? (await this.node())).stores.writer(definition, opening(options));
  }

  /** Opens a store to read, on a new node unless one is given. */
  async reader<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: Opening = {},
    node?: Node,
  ): Promise<Reader> {
    return (node ?? (await this.node())).stores.reader(definition, opening(options));
  }

  /** Ends a node as when its process dies. */
  kill(node: Node): void {
    this.memory.kill(node.peer);
    node.clock.pause();
    this.#nodes.delete(node);
  }

  /** Waits until stores are online. */
  async online(...all: readonly Pick<Store<unknown, unknown>, "status">[]): Promise<void> {
    await this.until(() => all.every(({ status }) => status.value.online), 20_000);
  }

  /** Waits until stores have a version. */
  async reach(
    version: number,
    ...all: readonly Pick<Store<unknown, unknown>, "when">[]
  ): Promise<void> {
    await this.within(60_000, Promise.all(all.map(({ when }) => when.reaches(version))));
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

function opening(options: Opening): OpenOptions {
  return { key: testKey(), storage: memoryStorage(), timings: lanTimings, ...options };
}

/** Runs a test in a simulated network; up to twenty virtual minutes. */
export async function inCluster(
  test: (cluster: Cluster) => Promise<void>,
  options: { readonly seed?: number } & Partial<MemoryConditions> = {},
): Promise<void> {
  const { seed = 1, ...conditions } = options;
  const cluster = new Cluster(seed, conditions);
  await cluster.world.settle(
    test(cluster).finally(() => cluster.close()),
    { withinMs: 1_200_000 },
  );
}
