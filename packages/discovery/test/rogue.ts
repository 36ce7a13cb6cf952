import { defineMessage } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import {
  createNetwork,
  defineProtocol,
  type Link,
  type LinkListener,
  type Network,
  type Service,
  type ServiceContext,
  type ServiceFactory,
} from "@mosaik/transport";
import * as v from "valibot";
import type { Cluster, ClusterNode } from "./cluster.ts";

/** A node that is in the network and says whatever it likes. */
export interface Rogue {
  readonly context: ServiceContext;
  readonly network: Network<{ raw: ServiceFactory<RawService> }>;
}

interface RawService extends Service {
  readonly context: ServiceContext;
}

/** What a rogue heard on a link. */
export interface Heard<Value> {
  readonly messages: Value[];
  closed: string | undefined;
}

/** Starts a rogue that is connected with a node. */
export async function startRogue(cluster: Cluster, victim: ClusterNode): Promise<Rogue> {
  const { world } = cluster;
  const raw: ServiceFactory<RawService> = {
    needs: [],
    create: (context) => ({ context, close: async () => {} }),
  };
  const network = await world.settle(
    createNetwork({
      network: "test",
      secretKey: new Uint8Array(32).fill(66),
      transport: cluster.memory.transport({ address: cluster.addressOf("rogue") }),
      services: { raw },
      system: { clock: world.clock(), random: world.random("rogue"), ed25519 },
    }),
  );
  const { context } = network.raw;
  await world.settle(context.connect(victim.address));
  return { context, network };
}

/** Remembers what comes on a link. */
export function listen<Value>(
  link: Link<Value>,
  heard: Heard<Value> = { messages: [], closed: undefined },
) {
  const listener: LinkListener<Value> = {
    message: (message) => void heard.messages.push(message),
    closed: ({ name }) => {
      heard.closed = name;
    },
  };
  link.listen(listener);
  return heard;
}

/** The gossip protocol as one that checks nothing would speak it. */
export const Unchecked = defineProtocol({
  name: "discovery/gossip",
  version: 1,
  message: defineMessage({ name: "anything", bytesMax: 1024 * 1024, schema: v.unknown() }),
});
