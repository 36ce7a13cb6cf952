import type { PeerInfo } from "@mosaik/discovery";
import type { Log } from "@mosaik/primitives";
import type { PeerPredicate } from "@mosaik/streams";

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
