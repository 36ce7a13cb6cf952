import type { PeerId, Random } from "@mosaik/primitives";
import { bondLimits } from "../config.ts";

interface Prospect {
  /** Not before this, monotonic ms. */
  dialAtMs: number;
  /** Attempts that failed since the last bond. */
  failures: number;
  /** When it broke the rules, monotonic ms, oldest first. */
  offencesMs: number[];
  bannedUntilMs: number;
  state: "idle" | "dialling" | "accepting" | "bonded";
  /** Whether somebody still says that it is a member. */
  wanted: boolean;
}

/**
 * Decides whom to dial when, so that every two members get one bond.
 *
 * 1. Of two peers the one with the lower id dials at once, the other a little later.
 * 2. After a failure the wait doubles up to a limit; nothing but time is needed to try again.
 * 3. Whoever breaks the rules five times, by a wrong proof or later, is neither dialled nor accepted for
 *    ten minutes.
 * 4. Dials at once and peers remembered are bounded.
 */
export class DialPlan {
  readonly #me: PeerId;
  readonly #random: Random;
  readonly #prospects = new Map<PeerId, Prospect>();

  constructor(me: PeerId, random: Random) {
    this.#me = me;
    this.#random = random;
  }

  /** Says which peers are thought to be members now; others are no longer dialled. */
  wanted(peers: Iterable<PeerId>, nowMs: number): void {
    for (const prospect of this.#prospects.values()) prospect.wanted = false;
    for (const peer of peers) {
      if (peer === this.#me) continue;
      const prospect = this.#known(peer, nowMs);
      if (prospect) prospect.wanted = true;
    }
    for (const [peer, prospect] of this.#prospects) {
      if (isIdle(prospect) && !isMarked(prospect, nowMs)) this.#prospects.delete(peer);
    }
  }

  /** Whom to dial now, in order; they count as being dialled. */
  due(nowMs: number): PeerId[] {
    let free = bondLimits.dialsMax;
    for (const { state } of this.#prospects.values()) if (state === "dialling") free--;
    const peers: PeerId[] = [];
    for (const peer of [...this.#prospects.keys()].sort()) {
      const prospect = this.#prospects.get(peer);
      if (free <= 0 || !prospect || !isDialled(prospect) || readyAt(prospect) > nowMs) continue;
      prospect.state = "dialling";
      peers.push(peer);
      free--;
    }
    return peers;
  }

  /** When to ask next, infinite where nobody is left to dial. */
  get nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const prospect of this.#prospects.values()) {
      if (isDialled(prospect)) next = Math.min(next, readyAt(prospect));
    }
    return next;
  }

  /** Whether the peer is being dialled from here, and has the higher id: its dial gives way to ours. */
  prefersOwn(peer: PeerId): boolean {
    return this.isDialling(peer) && this.#me < peer;
  }

  /** Whether a peer failed to prove itself too often. */
  isBanned(peer: PeerId, nowMs: number): boolean {
    return (this.#prospects.get(peer)?.bannedUntilMs ?? 0) > nowMs;
  }

  /** The peer dialled: what was dialled from here is given up, and nothing is until this is over. */
  accepting(peer: PeerId, nowMs: number): void {
    const prospect = this.#known(peer, nowMs);
    if (prospect && prospect.state !== "bonded") prospect.state = "accepting";
  }

  /** Whether the peer is being dialled from here. */
  isDialling(peer: PeerId): boolean {
    return this.#prospects.get(peer)?.state === "dialling";
  }

  /** There is a bond. */
  bonded(peer: PeerId, nowMs: number): void {
    const prospect = this.#known(peer, nowMs);
    if (!prospect) return;
    prospect.state = "bonded";
    prospect.failures = 0;
  }

  /** A bond is lost: it is dialled again soon. */
  lost(peer: PeerId, nowMs: number): void {
    const prospect = this.#prospects.get(peer);
    if (!prospect) return;
    prospect.state = "idle";
    prospect.dialAtMs = nowMs + this.#firstWaitMs(peer);
  }

  /** A dial, from here or from there, came to nothing. */
  failed(peer: PeerId, nowMs: number): void {
    const prospect = this.#prospects.get(peer);
    if (!prospect || prospect.state === "bonded") return;
    const { retryFirstMs, retryMaxMs } = bondLimits;
    const waitMs = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(prospect.failures, 20));
    prospect.state = "idle";
    prospect.failures++;
    prospect.dialAtMs = nowMs + waitMs * (1 - this.#random.next() / 2);
  }

  /** A peer broke the rules; whether it is banned now. */
  offended(peer: PeerId, nowMs: number): boolean {
    const prospect = this.#known(peer, nowMs);
    if (!prospect) return false;
    const { failuresMax, failuresWithinMs, banMs } = bondLimits;
    const recent = prospect.offencesMs.filter((atMs) => atMs >= nowMs - failuresWithinMs);
    prospect.offencesMs = [...recent, nowMs];
    if (prospect.offencesMs.length < failuresMax) return false;
    prospect.offencesMs = [];
    prospect.bannedUntilMs = nowMs + banMs;
    return true;
  }

  #known(peer: PeerId, nowMs: number): Prospect | undefined {
    const known = this.#prospects.get(peer);
    if (known) return known;
    if (this.#prospects.size >= bondLimits.peersMax && !this.#forgetOne()) return undefined;
    const prospect: Prospect = {
      dialAtMs: nowMs + this.#firstWaitMs(peer),
      failures: 0,
      offencesMs: [],
      bannedUntilMs: 0,
      state: "idle",
      wanted: false,
    };
    this.#prospects.set(peer, prospect);
    return prospect;
  }

  /** Strangers who only broke rules make room for others: anybody can make as many as it likes. */
  #forgetOne(): boolean {
    for (const [peer, prospect] of this.#prospects) {
      if (isIdle(prospect)) return this.#prospects.delete(peer);
    }
    return false;
  }

  #firstWaitMs(peer: PeerId): number {
    return this.#me < peer ? 0 : bondLimits.dialDeferMs;
  }
}

/** Whether nothing but its offences is remembered of it. */
function isIdle({ wanted, state }: Prospect): boolean {
  return !wanted && state === "idle";
}

function isMarked({ offencesMs, bannedUntilMs }: Prospect, nowMs: number): boolean {
  const last = offencesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  return bannedUntilMs > nowMs || last >= nowMs - bondLimits.failuresWithinMs;
}

function isDialled({ wanted, state }: Prospect): boolean {
  return wanted && state === "idle";
}

function readyAt({ dialAtMs, bannedUntilMs }: Prospect): number {
  return Math.max(dialAtMs, bannedUntilMs);
}
