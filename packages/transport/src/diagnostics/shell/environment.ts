import type { Clock, Log, NetworkId, PeerId, Random } from "@mosaik/primitives";

/** What both sides of an inspection need of the node around them. */
export interface InspectionEnvironment {
  readonly network: NetworkId;
  /** The local peer. */
  readonly peer: PeerId;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The address at the other end of the connection with a peer, as a multiaddr; empty where there is none. */
  readonly addressOf: (peer: PeerId) => string;
}
