import { discovery } from "@mosaik/discovery";
import { GroupKey, groups, lanTimings } from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import type { PeerId } from "@mosaik/primitives";
import {
  SimulatedNetwork,
  type SimulatedNode,
  type SimulationInit,
} from "../../discovery/test/simulated-network.ts";
import { type OpenOptions, type Store, type StoreDefinition, stores } from "../src/index.ts";

const services = () => ({ discovery: discovery(), groups: groups(), stores: stores() });

/** A node of a simulated network. */
export type Node = SimulatedNode<ReturnType<typeof services>>;

/** How tests open stores, where they say nothing else. */
export type Opening = Partial<OpenOptions>;

/** A key for tests: of one byte again and again. */
export function testKey(byte = 1): GroupKey {
  return GroupKey.of(new Uint8Array(16).fill(byte));
}

/** A simulated network of nodes with stores. */
export class Cluster extends SimulatedNetwork {
  readonly #keys = new Map<PeerId, Uint8Array>();

  /** Starts a node; `secretKey`: as who. */
  async node(init: { readonly secretKey?: Uint8Array } = {}): Promise<Node> {
    const { secretKey = this.world.random("keys").bytes(32) } = init;
    const node = await this.start(services(), { secretKey, knows: "everybody" });
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

  /** Waits until something holds, at most so many virtual milliseconds. */
  override until(holds: () => boolean, withinMs = 5_000): Promise<void> {
    return super.until(holds, withinMs);
  }
}

function opening(options: Opening): OpenOptions {
  return { key: testKey(), storage: memoryStorage(), timings: lanTimings, ...options };
}

/** Runs a test in a simulated network; up to ten virtual minutes. */
export async function inCluster(
  test: (cluster: Cluster) => Promise<void>,
  init: SimulationInit = {},
): Promise<void> {
  const cluster = new Cluster({ latencyMs: [1, 3], ...init });
  await cluster.run(() => test(cluster));
}
