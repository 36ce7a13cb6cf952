import { type Discovery, discovery } from "@mosaik/discovery";
import type { PeerId } from "@mosaik/primitives";
import { until, World, type WorldClock } from "@mosaik/testing";
import {
  createNetwork,
  type Network,
  type NetworkHandle,
  type NetworkInit,
  type Service,
  type ServiceContext,
  type ServiceFactories,
  type ServiceFactory,
} from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";

/** What a node is made from. */
export interface NodeInit {
  readonly tags?: readonly string[];
  /** As who. Default: somebody new. */
  readonly secretKey?: Uint8Array;
  /** Whom it knows at first: all nodes that were started before, or nobody. Default: the first node. */
  readonly knows?: "everybody" | "nobody";
}

/** A node of a simulated network. */
export type SimulatedNode<Services> = Network<Services> & { readonly clock: WorldClock };

/** A node whose only service beside discovery is the test. */
export interface ManualNode {
  readonly peer: PeerId;
  readonly discovery: Discovery;
  readonly context: ServiceContext;
}

/** How a simulated network is. */
export type SimulationInit = { readonly seed?: number } & Partial<MemoryConditions>;

/** A network in memory and in virtual time, in which a test of a service above discovery runs. */
export class SimulatedNetwork {
  readonly world: World;
  readonly memory: MemoryNetwork;
  readonly #nodes = new Map<PeerId, NetworkHandle>();
  readonly #addresses: string[] = [];

  constructor({ seed = 1, ...conditions }: SimulationInit = {}) {
    this.world = new World({ seed });
    this.memory = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      latencyMs: [1, 5],
      ...conditions,
    });
  }

  /** Starts a node with these services. */
  async start<const Services extends ServiceFactories>(
    services: NetworkInit<Services>["services"],
    { tags = [], secretKey, knows }: NodeInit = {},
  ): Promise<SimulatedNode<Services>> {
    const known = knows === "everybody" ? this.#addresses.length : knows === "nobody" ? 0 : 1;
    const seeds = this.#addresses.slice(0, known);
    const number = this.#addresses.push(`/memory/${this.#addresses.length + 1}`);
    const random = this.world.random(`node ${number}`);
    const clock = this.world.clock();
    const network = await createNetwork<Services>({
      network: "test",
      tags,
      seeds,
      secretKey: secretKey ?? random.bytes(32),
      transport: this.memory.transport({ address: `/memory/${number}` }),
      system: { clock, random },
      services,
    });
    this.#nodes.set(network.peer, network);
    return Object.assign(Object.create(network) as typeof network, { clock }); // it is frozen itself
  }

  /** Starts a node without a service: what speaks for it is by hand. */
  async manual(init: NodeInit = {}): Promise<ManualNode> {
    let context: ServiceContext | undefined;
    const hands: ServiceFactory<Service> = {
      needs: [],
      create: (given) => {
        context = given;
        return { close: async () => {} };
      },
    };
    const node = await this.start({ discovery: discovery(), hands }, init);
    if (context === undefined) throw new Error("the service was not built");
    return { peer: node.peer, discovery: node.discovery, context };
  }

  /** Ends a node as when its process dies. */
  kill({ peer, clock }: { readonly peer: PeerId; readonly clock: WorldClock }): void {
    this.memory.kill(peer);
    clock.pause();
    this.#nodes.delete(peer);
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

  /** Runs a test in it, up to ten virtual minutes, and ends all nodes. */
  async run(test: () => Promise<void>): Promise<void> {
    const end = async (): Promise<void> => {
      await Promise.all([...this.#nodes.values()].map((node) => node.close()));
    };
    await this.world.settle(test().finally(end), { withinMs: 600_000 });
  }
}
