import type { PeerDiscovery } from "@libp2p/interface";
import { type MulticastDNSComponents, mdns } from "@libp2p/mdns";
import type { NetworkId } from "@mosaik/primitives";

/**
 * Finds nodes of a network on the LAN by multicast DNS, and tells them of this one. Addresses that
 * are found carry the peer's id.
 */
export function lanDiscovery(
  network: NetworkId,
  found: (addresses: readonly string[]) => void,
): (components: MulticastDNSComponents) => PeerDiscovery {
  const makeDiscovery = mdns({ serviceTag: serviceTag(network) });
  return (components) => {
    const discovery = makeDiscovery(components);
    discovery.addEventListener("peer", ({ detail: { id, multiaddrs } }) => {
      found(multiaddrs.map((address) => `${address}/p2p/${id}`));
    });
    return discovery;
  };
}

/** The DNS name by which a network's nodes ask for each other: its own, so that others stay quiet. */
export function serviceTag(network: NetworkId): string {
  return `_mosaik-${network.slice(0, 32)}._udp.local`;
}
