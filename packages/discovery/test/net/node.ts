import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { discovery } from "../../src/service.ts";

/** A node on loopback, for tests with real sockets. */
export function startNode(init: {
  readonly seeds?: readonly string[];
  readonly tags?: readonly string[];
}) {
  return createNetwork({
    network: "discovery-net-test",
    ...init,
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    services: { discovery: discovery() },
  });
}

export type Node = Awaited<ReturnType<typeof startNode>>;
