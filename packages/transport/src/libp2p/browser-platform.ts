import { noise } from "@libp2p/noise";
import { isLocal, isWebRtcDirect, isWebSocket } from "./addresses.ts";
import { coalesced } from "./coalesce.ts";
import type { Platform, Reach } from "./platform.ts";
import { safeWebSockets } from "./websockets.ts";

/** A page or a worker: dials WebSockets, encrypted by noise. */
export const browserPlatform: Platform = {
  transports: (settings) => [safeWebSockets(settings)],
  encrypters: () => [coalesced(noise())],
  discovery: async () => [],
  reach,
};

/**
 * Peers must not make a page knock at the doors of its user's network: local addresses are dialled
 * once the page itself was given one as a seed.
 */
function reach(): Reach {
  let isLocalNetwork = false;
  return (address, isSeed) => {
    if (!isWebSocket(address) && !isWebRtcDirect(address)) {
      return "a browser dials WebSockets and webrtc-direct only";
    }
    if (!isLocal(address)) return undefined;
    isLocalNetwork ||= isSeed;
    return isLocalNetwork ? undefined : "a browser dials local addresses after a local seed only";
  };
}
