import { networkId, silentLog } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { World } from "@mosaik/testing";
import type { Channel, ChannelListener, Connection, Transport } from "@mosaik/transport";
import {
  createMemoryNetwork,
  type MemoryConditions,
  type MemoryNetwork,
} from "@mosaik/transport/memory";

/** A protocol that the nodes of these tests serve. */
export const chat = "/test/chat/1";
/** Never aborts. */
export const never = { signal: new AbortController().signal };

/** A node, and what its transport told it. */
export interface Node {
  readonly transport: Transport;
  readonly connected: Connection[];
  readonly opened: Channel[];
}

/** A simulated network. */
export class MemoryWorld {
  readonly world: World;
  readonly network: MemoryNetwork;

  constructor(seed: number, conditions: Partial<MemoryConditions> = {}) {
    this.world = new World({ seed });
    this.network = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      trace: this.world.trace,
      ...conditions,
    });
  }

  /** A transport with an identity of its own, not started. */
  async transport(options?: { readonly address?: string }): Promise<Transport> {
    const random = this.world.random("identities");
    return await this.network.transport(options)({
      network: networkId("test"),
      identity: ed25519.identity(random.bytes(32)),
      clock: this.world.clock(),
      random,
      log: silentLog,
    });
  }

  /** A node that listens. */
  async node(options?: { readonly address?: string }): Promise<Node> {
    const transport = await this.transport(options);
    const node: Node = { transport, connected: [], opened: [] };
    transport.serve(chat);
    await transport.start({
      connected: (connection) => void node.connected.push(connection),
      opened: (_, channel) => void node.opened.push(channel),
      discovered: () => {},
    });
    return node;
  }

  /** Dials and opens a channel; returns its two ends and the connection's. */
  async link(a: Node, b: Node): Promise<LinkedPair> {
    const [connections, channels] = [b.connected.length, b.opened.length];
    const linking = this.dial(a, b).then(async (outbound) => ({
      outbound,
      near: await outbound.open(chat, never),
    }));
    const { outbound, near } = await this.world.settle(linking);
    const [inbound, far] = [b.connected[connections], b.opened[channels]];
    if (inbound === undefined || far === undefined) throw new Error("there is no other end");
    return { outbound, inbound, near, far };
  }

  /** Dials by peer and address. */
  dial(a: Node, b: Node, options = never): Promise<Connection> {
    const target = { peer: b.transport.peer, addresses: b.transport.addresses.value };
    return a.transport.dial(target, options);
  }
}

/** The ends of a connection and of a channel on it. */
export interface LinkedPair {
  readonly outbound: Connection;
  readonly inbound: Connection;
  readonly near: Channel;
  readonly far: Channel;
}

/** Records in words what a channel tells: each chunk as its first byte. */
export function note(seen: string[], name = ""): ChannelListener {
  return {
    received: (bytes) => void seen.push(`${name}${bytes[0]}`),
    drained: () => void seen.push(`${name}drained`),
    ended: () => void seen.push(`${name}ended`),
  };
}
