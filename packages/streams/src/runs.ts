import type { PeerId } from "@mosaik/primitives";
import type { PeerPredicate, StreamReason, Subscription } from "./streams.ts";

/** Where items come from: one subscription to one producer. */
export interface RunSource {
  readonly peer: PeerId;
  /** Which run of the producer: another one each time that it begins anew, greater each time. */
  readonly incarnation: string;
  /** The application took items of that cost (`framesCost`): gives the producer room for more. */
  taken(cost: number): void;
  /** An item does not decode, and everything behind it was discarded: ends the subscription. */
  undecodable(error: unknown, lost: number): void;
}

/** Is told what reaches a consumer, as it arrives, encoded. Called synchronously; must not throw. */
export interface RunListener {
  /** A subscription began; the producer's next item has this number. */
  begun(source: RunSource, sequence: number): void;
  /** Items arrived, framed and side by side; `sequence` is that of the first. */
  arrived(source: RunSource, frames: Uint8Array, items: number, sequence: number): void;
  /** Items will not arrive; how many is not known where the producer began anew. */
  missed(source: RunSource, items: number | undefined): void;
  /** The subscription is over. */
  ended(source: RunSource): void;
}

/** How to consume encoded items. */
export interface RunOptions {
  readonly listener: RunListener;
  /** Which producers to subscribe to. Default: all. */
  readonly from?: PeerPredicate;
  /** Whether what this node produces itself belongs to it. Default: no. */
  readonly own?: boolean;
  /** As for a consumer. Default: 4 MiB. */
  readonly windowBytes?: number;
}

/**
 * A consumer of encoded items, for services that keep or pass them on without reading them: nothing
 * waits in it, and credit is given back only when the listener says that items were taken.
 */
export interface RunConsumer {
  /** Its producers now. */
  readonly producers: readonly Subscription[];
  /** Producers in the catalog that it is not subscribed to, and why. */
  readonly refusals: ReadonlyMap<PeerId, StreamReason | "unreachable" | "not-wanted">;
  /** Asks `from` again for every producer: what it decides by has changed. */
  review(): void;
  /** Unsubscribes everywhere and withdraws the offer. Idempotent. */
  close(): void;
}
