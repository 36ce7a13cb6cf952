import { type Discovery, discovery } from "@mosaik/discovery";
import { type Streams, streams } from "@mosaik/streams";
import { until, World } from "@mosaik/testing";
import { createNetwork, type NetworkHandle } from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";
import { type Replays, replay, type Views, views } from "../../src/index.ts";

/** A node of a simulated network. */
export type Node = NetworkHandle & {
  readonly discovery: Discovery;
  readonly streams: Streams;
  readonly replay: Replays;
  readonly views: Views;
};

const firstAddress = "/memory/1";

/** A simulated network in which a test runs. */
export class Cluster {
  readonly world: World;
  readonly memory: MemoryNetwork;
  readonly #nodes = new Set<NetworkHandle>();
  #started = 0;

  constructor(seed: number, conditions: Partial<MemoryConditions>) {
    this.world = new World({ seed });
    this.memory = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      latencyMs: [1, 5],
      ...conditions,
    });
  }

  /** Starts a node; with the key of one that was killed, it is that one again. */
  async node(init: { readonly secretKey?: Uint8Array } = {}): Promise<Node> {
    const number = ++this.#started;
    const random = this.world.random(`node ${number}`);
    const node = await createNetwork({
      network: "test",
      seeds: number === 1 ? [] : [firstAddress],
      secretKey: init.secretKey ?? random.bytes(32),
      transport: this.memory.transport({ address: `/memory/${number}` }),
      system: { clock: this.world.clock(), random },
      services: {
        discovery: discovery(),
        streams: streams(),
        replay: replay(),
        views: views(),
      },
    });
    this.#nodes.add(node);
    return node;
  }

  /** Ends a node as when its process dies. */
  kill(node: Node): void {
    this.#nodes.delete(node);
    this.memory.kill(node.peer);
  }

  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void> {
    return this.world.sleep(ms);
  }

  /** Waits until something holds, at most so many virtual milliseconds. */
  until(holds: () => boolean, withinMs = 10_000): Promise<void> {
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
