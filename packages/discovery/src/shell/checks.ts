import {
  type Clock,
  jitter,
  type PeerId,
  type Random,
  sample,
  type Timer,
} from "@mosaik/primitives";
import { checkLimits } from "../config.ts";
import { compareVersions } from "../core/entry-id.ts";
import type { EntryVersion } from "../discovery.ts";

/** Why it is checked whether a peer is there. */
export type CheckCause =
  /** Our connection to it broke. */
  | "lost"
  /** Another could not reach it. */
  | "hinted"
  /** It was not heard of for long. */
  | "silent"
  /** We take it for gone, and somebody does not, or it is time for another look. */
  | "contested";

/** What checks need of the rest of the service. */
export interface ChecksInit {
  readonly clock: Clock;
  readonly random: Random;
  /** The version at which a peer is known, be it departed. */
  readonly versionOf: (peer: PeerId) => EntryVersion | undefined;
  /** Whether a peer answers; told that it is suspected as of a version, if it is. */
  readonly reach: (peer: PeerId, suspected: EntryVersion | undefined) => Promise<boolean>;
  /** A peer answered. */
  readonly reached: (peer: PeerId) => void;
  /** A peer that was at a version does not answer; `cause` is why it was checked. */
  readonly failed: (peer: PeerId, version: EntryVersion, cause: CheckCause) => void;
}

/**
 * Finds out for itself whether a peer is still there, whatever made that doubtful: nobody is dropped
 * on hearsay, and a hint is passed on only by those who found it true. (After SWIM: Das, Gupta,
 * Motivala, DSN 2002. A peer that is there refutes the suspicion with a newer entry.)
 */
export class Checks {
  readonly #init: ChecksInit;
  /** Peers that are being checked, or wait for it, with the cause. */
  readonly #underWay = new Map<PeerId, CheckCause>();
  readonly #waiting: PeerId[] = [];
  /** Until when peers that answered are left alone. */
  readonly #resting = new Map<PeerId, number>();
  readonly #timers = new Set<Timer>();
  #running = 0;
  #closed = false;

  constructor(init: ChecksInit) {
    this.#init = init;
  }

  /** Checks a peer, unless that is under way or it answered just now. */
  check(peer: PeerId, cause: CheckCause): void {
    const isResting = (this.#resting.get(peer) ?? 0) > this.#init.clock.monotonic();
    if (this.#closed || this.#underWay.has(peer) || (isResting && cause !== "lost")) return;
    if (this.#init.versionOf(peer) === undefined) return;
    if (this.#underWay.size >= checkLimits.waitingMax) return;
    this.#underWay.set(peer, cause);
    this.#waiting.push(peer);
    this.#takeTurns();
  }

  /** Checks one of the peers, chosen at random. */
  checkAny(peers: readonly PeerId[], cause: CheckCause): void {
    for (const peer of sample(this.#init.random, peers, 1)) this.check(peer, cause);
  }

  /** Ends all checks. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#waiting.length = 0;
  }

  #takeTurns(): void {
    while (this.#running < checkLimits.parallelMax) {
      const peer = this.#waiting.shift();
      if (peer === undefined) return;
      this.#running += 1;
      void this.#run(peer).finally(() => {
        this.#underWay.delete(peer);
        this.#running -= 1;
        this.#takeTurns();
      });
    }
  }

  async #run(peer: PeerId): Promise<void> {
    const cause = this.#underWay.get(peer) ?? "hinted";
    const version = this.#init.versionOf(peer);
    if (version === undefined) return;
    for (const pauseMs of checkLimits.pausesMs) {
      await this.#pause(jitter(this.#init.random, pauseMs, 0.5));
      // Only what others were told too needs to be refuted.
      const isRumoured = cause === "hinted" || cause === "contested";
      if (await this.#answers(peer, isRumoured ? version : undefined)) {
        this.#rest(peer);
        return this.#init.reached(peer);
      }
    }
    if (this.#closed) return;
    // What a peer announced right before its end may arrive after the loss of the connection.
    const latest = this.#init.versionOf(peer) ?? version;
    if (cause === "lost" && compareVersions(latest, version) > 0) return this.#run(peer);
    this.#init.failed(peer, version, cause);
  }

  /** Whether the peer answers in time. */
  #answers(peer: PeerId, suspected: EntryVersion | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#after(checkLimits.attemptTimeoutMs, () => resolve(false));
      void this.#init.reach(peer, suspected).then((reached) => {
        timer.cancel();
        this.#timers.delete(timer);
        resolve(reached);
      });
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#after(ms, resolve));
  }

  #after(ms: number, run: () => void): Timer {
    const timer = this.#init.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  #rest(peer: PeerId): void {
    const nowMs = this.#init.clock.monotonic();
    for (const [other, untilMs] of this.#resting) if (untilMs <= nowMs) this.#resting.delete(other);
    this.#resting.set(peer, nowMs + checkLimits.restMs);
  }
}
