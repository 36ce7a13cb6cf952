import { type Discovery, discovery } from "@mosaik/discovery";
import type { PeerId } from "@mosaik/primitives";
import { World } from "@mosaik/testing";
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
    return new Promise((resolve) => void this.world.clock().after(ms, resolve));
  }

  /** Waits for something, at most so many virtual milliseconds. */
  async within<Value>(ms: number, what: PromiseLike<Value>): Promise<Value> {
    const late = this.sleep(ms).then(() => {
      throw new Error(`it did not happen within ${ms} virtual ms`);
    });
    return Promise.race([what, late]);
  }

  /** Waits until something holds, at most so many virtual milliseconds. */
  async until(holds: () => boolean, ms = 3_000): Promise<void> {
    const endsAt = this.world.elapsedMs + ms;
    while (!holds()) {
      if (this.world.elapsedMs >= endsAt) {
        throw new Error(`it did not hold within ${ms} virtual ms`);
      }
      await this.sleep(5);
    }
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
