import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { coalesced } from "./coalesce.ts";
import type { Platform } from "./platform.ts";
import { socketTls } from "./socket-tls.ts";
import { safeWebSockets } from "./websockets.ts";

/** Node: TCP and WebSockets, TLS 1.3 before noise, multicast DNS. */
export const nodePlatform: Platform = {
  transports: (settings) => [
    tcp({ inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 }),
    safeWebSockets(settings),
  ],
  encrypters: () => [coalesced(socketTls()), coalesced(noise())],
  discovery: async (network, found) => {
    const { lanDiscovery } = await import("./lan.ts");
    return [lanDiscovery(network, found)];
  },
  reach: () => () => undefined,
};
