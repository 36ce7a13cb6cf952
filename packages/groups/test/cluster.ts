import { discovery } from "@mosaik/discovery";
import { decodeUtf8, encodeUtf8, type PeerId } from "@mosaik/primitives";
import { z } from "zod";
import {
  SimulatedNetwork,
  type SimulatedNode,
  type SimulationInit,
} from "../../discovery/test/simulated-network.ts";
import {
  defineMachine,
  type Group,
  GroupKey,
  groups,
  type JoinOptions,
  lanTimings,
} from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";

const services = () => ({ discovery: discovery(), groups: groups() });

/** A node of a simulated network. */
export type Node = SimulatedNode<ReturnType<typeof services>>;

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

/** A simulated network of nodes with groups. */
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

  /** Waits until something holds, at most so many virtual milliseconds. */
  override until(holds: () => boolean, withinMs = 5_000): Promise<void> {
    return super.until(holds, withinMs);
  }
}

/** Runs a test in a simulated network; up to ten virtual minutes. */
export async function inCluster(
  test: (cluster: Cluster) => Promise<void>,
  init: SimulationInit = {},
): Promise<void> {
  const cluster = new Cluster({ latencyMs: [1, 3], ...init });
  await cluster.run(() => test(cluster));
}

/** An item that there must be. */
export function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error("too few");
  return item;
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
