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
  #leader: MemberId | undefined;
  #term = 0;
  #leaderEpoch = 0;

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
    const to = isOpen ? leader : undefined;
    const epoch = isOwn ? 0 : this.#epoch;
    const isSame = to === this.#leader && term === this.#term && epoch === this.#leaderEpoch;
    if (isSame || (to === undefined && this.#leader === undefined)) return undefined;
    this.#leader = to;
    this.#term = term;
    this.#leaderEpoch = epoch;
    return { leader: to };
  }
}
