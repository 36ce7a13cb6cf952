import { type Ed25519, encodeHex, equalBytes, type PeerId } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { World, type WorldClock, type WorldOptions } from "@mosaik/testing";
import {
  createNetwork,
  type Network,
  type ServiceFactory,
  type TransportFactory,
  type TransportListener,
} from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";
import type { DiscoveryOptions } from "../src/config.ts";
import type { Discovery, PeerEntry } from "../src/discovery.ts";
import { discovery } from "../src/service.ts";

/** A node of a {@link Cluster}. */
export interface ClusterNode {
  readonly name: string;
  readonly network: Network<{ discovery: ServiceFactory<Discovery> }>;
  readonly discovery: Discovery;
  readonly peer: PeerId;
  readonly clock: WorldClock;
  readonly address: string;
  /** Lets addresses turn up at the node, as mDNS does. */
  discover(addresses: readonly string[]): void;
}

export interface NodeInit {
  readonly network?: string;
  readonly tags?: readonly string[];
  /** Names of nodes, or addresses. Default: the first node. */
  readonly seeds?: readonly string[];
  readonly options?: DiscoveryOptions;
  /** How far its wall clock is ahead. */
  readonly skewMs?: number;
}

/** Nodes in virtual time, on a network in memory. The key and the address of a node go by its name. */
export class Cluster {
  readonly world: World;
  readonly memory: MemoryNetwork;
  readonly nodes = new Map<string, ClusterNode>();
  readonly #addresses = new Map<string, string>();
  /** How often nodes were started: a node draws other random numbers in each of its lives. */
  #starts = 0;

  constructor(init: WorldOptions & Partial<MemoryConditions>) {
    const { seed, onRecord, ...conditions } = init;
    this.world = new World({ seed, ...(onRecord === undefined ? {} : { onRecord }) });
    this.memory = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      trace: this.world.trace,
      latencyMs: [1, 10],
      ...conditions,
    });
  }

  /** Starts a node; a stopped one of the same name again, with its key and address. */
  async start(name: string, init: NodeInit = {}): Promise<ClusterNode> {
    const address = this.addressOf(name);
    const first = this.#addresses.keys().next().value;
    const seeds = init.seeds ?? (first === undefined || first === name ? [] : [first]);
    const { skewMs = 0 } = init;
    const clock = this.world.clock({ skewMs });
    let listener: TransportListener | undefined;
    const inner = this.memory.transport({ address });
    const transport: TransportFactory = async (context) => {
      const made = await inner(context);
      const start = made.start.bind(made);
      made.start = (given) => {
        listener = given;
        return start(given);
      };
      return made;
    };
    const network = await this.world.settle(
      createNetwork({
        network: init.network ?? "test",
        secretKey: secretKeyOf(name),
        tags: init.tags ?? [],
        seeds: seeds.map((seed) => (seed.startsWith("/") ? seed : this.addressOf(seed))),
        transport,
        services: { discovery: discovery(init.options ?? {}) },
        system: {
          clock,
          random: this.world.random(`node ${name} ${this.#starts++}`),
          ed25519: memoizing,
        },
      }),
    );
    const { peer } = network;
    const discover = (addresses: readonly string[]): void => listener?.discovered(addresses);
    const { discovery: own } = network;
    const node = { name, network, discovery: own, peer, clock, address, discover };
    this.nodes.set(name, node);
    return node;
  }

  /** Starts nodes at one moment. */
  async startAll(names: readonly string[], init: NodeInit = {}): Promise<ClusterNode[]> {
    const nodes: ClusterNode[] = [];
    for (const name of names) nodes.push(await this.start(name, init));
    return nodes;
  }

  /** Ends a node as `kill -9` does. */
  kill(node: ClusterNode): void {
    this.memory.kill(node.peer);
    node.clock.pause();
    this.nodes.delete(node.name);
  }

  /** Closes a node in good order. */
  async stop(node: ClusterNode): Promise<void> {
    this.nodes.delete(node.name);
    await this.world.settle(node.network.close());
  }

  /** Lets time pass until each node knows exactly the others, and returns how long that took. */
  converge(options: {
    readonly withinMs: number;
    readonly among?: readonly ClusterNode[];
  }): Promise<number> {
    const { withinMs, among = [...this.nodes.values()] } = options;
    return this.world.runUntil(completeness(among), { withinMs });
  }

  /** Ends every node. */
  async close(): Promise<void> {
    for (const node of [...this.nodes.values()]) await this.stop(node);
  }

  addressOf(name: string): string {
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const address = `/memory/${this.#addresses.size + 1}`;
    this.#addresses.set(name, address);
    return address;
  }
}

/** The peers that a node knows, in ascending order. */
export function knownTo(node: ClusterNode): PeerId[] {
  return [...node.discovery.catalog.value.peers.keys()];
}

/** What a node knows of another. */
export function entryOf(node: ClusterNode, other: ClusterNode): PeerEntry | undefined {
  return node.discovery.catalog.value.peers.get(other.peer);
}

/** Whether each node knows exactly the others; cheap to ask again while one does not. */
function completeness(nodes: readonly ClusterNode[]): () => boolean {
  const peers = nodes.map(({ peer }) => peer);
  const pending = [...nodes];
  const isComplete = ({ peer, discovery }: ClusterNode): boolean => {
    const { peers: known } = discovery.catalog.value;
    return (
      known.size === peers.length - 1 && peers.every((other) => other === peer || known.has(other))
    );
  };
  return () => {
    for (let last = pending.at(-1); last !== undefined; last = pending.at(-1)) {
      if (!isComplete(last)) return false;
      pending.pop();
    }
    if (nodes.every(isComplete)) return true;
    pending.push(...nodes);
    return false;
  };
}

function secretKeyOf(name: string): Uint8Array {
  const key = new Uint8Array(32);
  for (let index = 0; index < name.length; index++) key[index % 32] = name.charCodeAt(index);
  return key;
}

/** What was found good, by peer and signature: every node of a process checks the same ones. */
const verified = new Map<string, Uint8Array>();
const verifiedMax = 100_000;

/** Ed25519 that does not check the same bytes twice. */
const memoizing: Ed25519 = {
  identity: ed25519.identity,
  verify(peer, bytes, signature) {
    const key = `${peer} ${encodeHex(signature)}`;
    const known = verified.get(key);
    if (known !== undefined && equalBytes(known, bytes)) return true;
    const isValid = ed25519.verify(peer, bytes, signature);
    if (verified.size >= verifiedMax) verified.clear();
    if (isValid) verified.set(key, bytes);
    return isValid;
  },
};
