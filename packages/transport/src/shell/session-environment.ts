import type { Clock, Log, Meter, NetworkId, PeerId, Random } from "@mosaik/primitives";
import type { CloseReason } from "../close-reason.ts";
import type { ConnectionOptions } from "../config.ts";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { Channel } from "../transport.ts";
import type { LinkHome } from "./link-home.ts";
import type { Session } from "./session.ts";

/** What a session knows of the node around it. */
export interface SessionEnvironment {
  readonly network: NetworkId;
  readonly local: PeerId;
  /** Proves membership: derived from the network's secret. */
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly diagnostics: Diagnostics;
  readonly meter: Meter;
  readonly options: Required<ConnectionOptions>;
  /** Aborts when the network closes. */
  readonly signal: AbortSignal;
  /** The session was admitted. */
  admitted(session: Session): void;
  /** The other end of an admitted session opened a channel. */
  serve(session: Session, channel: Channel): void;
  /** A link of a peer goes on over the channel that begins with a token, once it is there. */
  awaitMove(
    peer: PeerId,
    token: Uint8Array,
    take: (channel?: Channel, home?: LinkHome) => void,
  ): void;
  /** A ping of the session came back, after so many milliseconds. */
  measured(session: Session, roundTripMs: number): void;
  /** The session is over. */
  ended(session: Session, reason: CloseReason, wasAdmitted: boolean): void;
}
