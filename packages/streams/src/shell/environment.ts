import type { Discovery, PeerInfo } from "@mosaik/discovery";
import type { Log } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import type { RetryOptions } from "../config.ts";
import type { PeerPredicate } from "../streams.ts";

/** What the producers and consumers of a node stand on. */
export interface StreamsEnvironment {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly retry: RetryOptions;
  readonly closeDeadlineMs: number;
}

/** A user's predicate that cannot harm: where it throws, it does not accept. */
export function guarded(predicate: PeerPredicate, log: Log): PeerPredicate {
  return (peer: PeerInfo) => {
    try {
      return predicate(peer);
    } catch (error) {
      log.error("a predicate threw", { peer: peer.peer, error });
      return false;
    }
  };
}
