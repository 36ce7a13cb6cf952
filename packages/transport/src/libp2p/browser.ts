import type { TransportFactory } from "../transport.ts";
import { type Libp2pTransportOptions, readOptions } from "./config.ts";

export { parseAddress } from "./addresses.ts";
export type { Libp2pTransportOptions } from "./config.ts";

/**
 * The transport for real networks, in a page or a worker: what Node has under the same name, but it
 * only dials, and only WebSockets. Connections are encrypted by noise and multiplexed by yamux.
 *
 * A page of https can dial `wss://`, and `ws://` on its own machine. Addresses of local networks are
 * dialled once a seed was one, so that peers cannot make a page knock at those of its user.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS`; `RangeError` where a limit is no positive
 * integer, or where it is told to listen or to use mDNS.
 * @example
 * ```ts
 * // not run: needs a browser, and a node that listens
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 *
 * await using network = await createNetwork({
 *   network: "weather",
 *   seeds: ["wss://seed.example"],
 *   transport: libp2pTransport(),
 *   services: {},
 * });
 * console.log(network.peer);
 * ```
 */
export function libp2pTransport(options: Libp2pTransportOptions = {}): TransportFactory {
  const viaRelays = options.viaRelays ?? true;
  const settings = readOptions({ ...options, viaRelays, listen: options.listen ?? [] });
  if (settings.relay) throw new RangeError("a browser is no relay: it cannot listen");
  if (settings.listen.length > 0) throw new RangeError("a browser cannot listen");
  if (settings.mdns) throw new RangeError("a browser has no mDNS");
  return async (context) => {
    const [{ createLibp2pTransport }, { browserPlatform }] = await Promise.all([
      import("./libp2p-transport.ts"),
      import("./browser-platform.ts"),
    ]);
    return createLibp2pTransport(settings, context, browserPlatform);
  };
}
