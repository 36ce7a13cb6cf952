import { type Discovery, discovery } from "@mosaik/discovery";
import { type Groups, groups } from "@mosaik/groups";
import { type Replays, replay, type Stores, stores, type Views, views } from "@mosaik/store";
import { type Streams, streams } from "@mosaik/streams";
import {
  createNetwork,
  type DiagnosticsOptions,
  type DiagnosticsService,
  diagnostics,
  type NetworkHandle,
  type NetworkInit,
} from "@mosaik/transport";
import { type Libp2pTransportOptions, libp2pTransport } from "@mosaik/transport/libp2p";
import { libp2pLog } from "@mosaik/transport/log";

/** What {@link createNode} takes: what nodes share, what this one is, and how it is reached. */
export type NodeInit = Pick<
  NetworkInit<object>,
  "network" | "seeds" | "tags" | "secret" | "secretKey" | "signal" | "log" | "meter"
> &
  Pick<
    Libp2pTransportOptions,
    "listen" | "announce" | "mdns" | "relay" | "viaRelays" | "webrtc"
  > & {
    /** Who may look into the node. Default: this machine may, nobody else. */
    readonly diagnostics?: DiagnosticsOptions;
  };

/** A running node with all services of this package. */
export interface Node extends NetworkHandle {
  /** Who is in the network. */
  readonly discovery: Discovery;
  /** Produce and consume. */
  readonly streams: Streams;
  /** Agree with others on state. */
  readonly groups: Groups;
  /** Share collections. */
  readonly stores: Stores;
  /** Keep the history of streams, and read it. */
  readonly replay: Replays;
  /** Fold streams into state, and read what others fold. */
  readonly views: Views;
  /** Look into nodes. */
  readonly diagnostics: DiagnosticsService;
}

/**
 * Starts a node with the usual parts: libp2p and all services. Use `createNetwork` to choose
 * parts or to set their options.
 *
 * @throws as `createNetwork` does.
 * @example
 * ```ts
 * import { createNode } from "mosaik";
 *
 * const node = await createNode({ network: "example", listen: ["127.0.0.1:0"], tags: ["station"] });
 * console.log(node.invite()); // what others put among their seeds
 * await node.close();
 * ```
 */
export function createNode(init: NodeInit): Promise<Node> {
  return createNetwork({
    log: libp2pLog(),
    ...init,
    transport: libp2pTransport(init),
    services: {
      discovery: discovery(),
      streams: streams(),
      groups: groups(),
      stores: stores(),
      replay: replay(),
      views: views(),
      diagnostics: diagnostics(init.diagnostics),
    },
  });
}
