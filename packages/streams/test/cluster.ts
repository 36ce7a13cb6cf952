import { type Discovery, discovery } from "@mosaik/discovery";
import type { PeerId } from "@mosaik/primitives";
import { until, World } from "@mosaik/testing";
import {
  createNetwork,
  type NetworkHandle,
  type Service,
  type ServiceContext,
  type ServiceFactory,
} from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";
import { type Streams, type StreamsOptions, streams } from "../src/index.ts";

/** A node of a simulated network. */
export type Node = NetworkHandle & { readonly discovery: Discovery; readonly streams: Streams };

/** A node whose only service beside discovery is the test. */
export interface ManualNode {
  readonly peer: PeerId;
  readonly discovery: Discovery;
  readonly context: ServiceContext;
}

/** What a node is made from. */
export interface NodeInit {
  readonly tags?: readonly string[];
  readonly secretKey?: Uint8Array;
  /** Knows nobody. Default: the first node. */
  readonly alone?: boolean;
}

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

  /** Starts a node. */
  async node(...tags: readonly string[]): Promise<Node> {
    return this.start({ tags });
  }

  /** Starts a node with more to say about it. */
  async start(init: NodeInit & { readonly options?: StreamsOptions } = {}): Promise<Node> {
    const services = { discovery: discovery(), streams: streams(init.options) };
    const node = await createNetwork({ ...this.#init(init), services });
    this.#nodes.add(node);
    return node;
  }

  /** Starts a node without streams: what speaks for it is by hand. */
  async manual(init: NodeInit = {}): Promise<ManualNode> {
    let context: ServiceContext | undefined;
    const hands: ServiceFactory<Service> = {
      needs: [],
      create: (given) => {
        context = given;
        return { close: async () => {} };
      },
    };
    const services = { discovery: discovery(), hands };
    const network = await createNetwork({ ...this.#init(init), services });
    this.#nodes.add(network);
    if (context === undefined) throw new Error("the service was not built");
    return { peer: network.peer, discovery: network.discovery, context };
  }

  #init({ tags = [], alone = false, secretKey }: NodeInit) {
    const number = ++this.#started;
    const random = this.world.random(`node ${number}`);
    return {
      network: "test",
      tags,
      seeds: alone || number === 1 ? [] : [firstAddress],
      secretKey: secretKey ?? random.bytes(32),
      transport: this.memory.transport({ address: `/memory/${number}` }),
      system: { clock: this.world.clock(), random },
    };
  }

  /** A node that was killed: its end is nobody's to wait for. */
  forget(node: Node): void {
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
  until(holds: () => boolean, withinMs = 3_000): Promise<void> {
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
