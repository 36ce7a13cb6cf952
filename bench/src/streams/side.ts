import type { Arrivals } from "./arrivals.ts";
import type { Load } from "./load.ts";

/** The ways to move items that are compared. */
export const sideNames = ["ours", "tls", "libp2p", "nats"] as const;

/** The name of a way to move items. */
export type SideName = (typeof sideNames)[number];

/** What a process is told of its case. */
export interface Work {
  readonly load: Load;
  readonly consumers: number;
  /** Address of the broker; empty where there is none. */
  readonly broker: string;
}

/** A way to move items from one process to others. */
export interface Side {
  /** Makes the producer's end. */
  produce(work: Work): Promise<Sender>;
  /** Makes the end of a consumer, which tells `arrivals` of each item. */
  consume(work: Work, address: string, arrivals: Arrivals): Promise<Receiver>;
}

/** The producer's end. */
export interface Sender {
  /** Where consumers connect. */
  readonly address: string;
  /** Waits until all consumers are there. */
  ready(): Promise<void>;
  /** Sends the item with that number to all consumers; `false` where there is no room now. */
  offer(number: number, mark: number): boolean;
  /** Sends it as soon as there is room. */
  send(number: number, mark: number): Promise<void>;
  /** No more will come for a while: what was collected goes out. */
  flush(): void;
  close(): Promise<void>;
}

/** The end of a consumer. */
export interface Receiver {
  close(): Promise<void>;
}
