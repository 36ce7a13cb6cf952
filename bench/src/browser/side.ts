import type { Arrivals } from "../streams/arrivals.ts";
import type { Load } from "../streams/load.ts";
import type { Receiver, Sender } from "../streams/side.ts";

/** The ways to move items that are compared. */
export const sideNames = ["ours", "libp2p"] as const;

/** The name of a way to move items. */
export type SideName = (typeof sideNames)[number];

/**
 * A way to move items to a page: the same code in a process and in a page. With a relay's address both
 * ends are pages, and connect straight by WebRTC, which the relay arranges; without, the producer
 * listens.
 */
export interface Side {
  /** Answers where it is. */
  relay(): Promise<string>;
  produce(load: Load, relay: string): Promise<Sender>;
  /** Connects to the producer's address. */
  consume(load: Load, relay: string, address: string, arrivals: Arrivals): Promise<Receiver>;
}
