import type { CommonReason } from "../close-reason.ts";
import type { Channel } from "../transport.ts";

/** The connection that a link is on. */
export interface LinkHome {
  /** Its round-trip time, milliseconds. */
  readonly rttMs: number;
  /** A link came to it. */
  joined(link: MovableLink): void;
  /** A link is over, or went to another home. */
  left(link: MovableLink): void;
  /** Calls `take` with the channel over which a link goes on, and its home; without one it is lost. */
  awaitMove(token: Uint8Array, take: (channel?: Channel, home?: LinkHome) => void): void;
}

/** What the home of a link does with it, whatever its protocol. */
export interface MovableLink {
  readonly protocol: string;
  readonly direction: "inbound" | "outbound";
  readonly traffic: LinkTraffic;
  close(reason?: CommonReason): void;
  moveTo(channel: Channel, token: Uint8Array, home: LinkHome): void;
}

/** What went over a link, and what waits for room below; bytes. */
export interface LinkTraffic {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly backlogBytes: number;
}
