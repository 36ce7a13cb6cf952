import type { MemberId } from "../raft/member.ts";
import type { RaftStatus } from "../raft/status.ts";

/**
 * Whether there is a way to the leader, and whether it is still the same: what was given on another
 * one may be lost.
 */
export class LeaderRoute {
  readonly #me: MemberId;
  /** Grows with each bond that is made. */
  #epoch = 0;
  #route = "";

  constructor(me: MemberId) {
    this.#me = me;
  }

  /** A bond was made: with whom does not matter, giving something again is harmless. */
  bonded(): void {
    this.#epoch++;
  }

  /** Looks again. Returns whom to ask, in an object, where that is not as before. */
  changed(
    { leader, term }: RaftStatus,
    isBonded: (member: MemberId) => boolean,
  ): { readonly leader: MemberId | undefined } | undefined {
    const isOwn = leader === this.#me;
    const isOpen = isOwn || (leader !== undefined && isBonded(leader));
    const route = isOpen ? `${leader} ${term} ${isOwn ? 0 : this.#epoch}` : "";
    if (route === this.#route) return undefined;
    this.#route = route;
    return { leader: isOpen ? leader : undefined };
  }
}
