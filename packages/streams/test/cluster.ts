import { discovery } from "@mosaik/discovery";
import {
  type NodeInit,
  SimulatedNetwork,
  type SimulatedNode,
  type SimulationInit,
} from "../../discovery/test/simulated-network.ts";
import { type StreamsOptions, streams } from "../src/index.ts";

export type { ManualNode } from "../../discovery/test/simulated-network.ts";

const services = (options?: StreamsOptions) => ({
  discovery: discovery(),
  streams: streams(options),
});

/** A node of a simulated network. */
export type Node = SimulatedNode<ReturnType<typeof services>>;

/** A simulated network of nodes with streams. */
export class Cluster extends SimulatedNetwork {
  /** Starts a node. */
  node(...tags: readonly string[]): Promise<Node> {
    return this.start(services(), { tags });
  }

  /** Starts a node with more to say about it. */
  nodeWith(init: NodeInit & { readonly options?: StreamsOptions }): Promise<Node> {
    return this.start(services(init.options), init);
  }
}

/** Runs a test in a simulated network; up to ten virtual minutes. */
export async function inCluster(
  test: (cluster: Cluster) => Promise<void>,
  init?: SimulationInit,
): Promise<void> {
  const cluster = new Cluster(init);
  await cluster.run(() => test(cluster));
}
