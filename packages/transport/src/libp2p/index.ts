import type { TransportFactory } from "../transport.ts";
import { type Libp2pTransportOptions, readOptions } from "./config.ts";

export { parseAddress } from "./addresses.ts";
export type { Libp2pTransportOptions } from "./config.ts";

/**
 * The transport for real networks: libp2p over TCP and WebSockets, encrypted by TLS 1.3 or noise,
 * multiplexed by yamux. It listens where it is told, dials whom it is told and does nothing else:
 * no public infrastructure is contacted.
 *
 * libp2p itself is loaded when the network starts.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS`; `RangeError` where a limit is no positive
 * integer.
 * @example
 * ```ts
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 *
 * await using network = await createNetwork({
 *   network: "weather",
 *   transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
 *   services: {},
 * });
 * console.log(network.peer);
 * ```
 */
export function libp2pTransport(options: Libp2pTransportOptions = {}): TransportFactory {
  const settings = readOptions(options);
  return async (context) => {
    const [{ createLibp2pTransport }, { nodePlatform }] = await Promise.all([
      import("./libp2p-transport.ts"),
      import("./node-platform.ts"),
    ]);
    return createLibp2pTransport(settings, context, nodePlatform);
  };
}
