import type { NetworkId } from "@mosaik/primitives";
import type { Libp2pInit } from "libp2p";
import type { Libp2pSettings } from "./config.ts";

/** What of libp2p a platform has. */
export interface Platform {
  transports(settings: Libp2pSettings): NonNullable<Libp2pInit["transports"]>;
  /** The preferred one first. */
  encrypters(): NonNullable<Libp2pInit["connectionEncrypters"]>;
  /** Finds nodes on the LAN, told of the addresses it finds. */
  discovery(
    network: NetworkId,
    found: (addresses: readonly string[]) => void,
  ): Promise<NonNullable<Libp2pInit["peerDiscovery"]>>;
  /** Makes what decides, for one transport, which addresses to leave alone. */
  reach(): Reach;
}

/** Why an address is not dialled, if it is not. Seeds come without the peer that must answer. */
export type Reach = (address: string, isSeed: boolean) => string | undefined;
