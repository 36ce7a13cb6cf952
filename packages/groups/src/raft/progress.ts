import type { SnapshotMeta } from "./entry.ts";
import type { AnchorPoint } from "./messages.ts";

/** How far a member is, as its leader knows (R6). */
export type ProgressState =
  /** Where the logs agree is not known: one append at a time. */
  | "probe"
  /** They agree up to `match`: appends flow without waiting, up to the window. */
  | "replicate"
  /** A snapshot is on its way. */
  | "snapshot";

/**
 * One member's progress.
 *
 * 1. `match` only grows: durable there and equal to the leader's log.
 * 2. `match < next`; what is between them is on its way, or being probed.
 */
export class Progress {
  state: ProgressState = "probe";
  match = 0;
  next: number;
  /** When it last answered; before it has, when its leader began to look after it. */
  contactMs: number;
  /** When it last confirmed something, or answered with nothing left to confirm. */
  confirmedMs: number;
  /** Whether it has answered this leader at all. */
  answered = false;
  /** Since when it has answered without a long silence. */
  steadySinceMs: number;
  /** In `probe`: one is out and unanswered. */
  probing = false;
  /** The commit index last told to it. */
  toldCommit = 0;
  /** The latest read round it confirmed. */
  round = 0;
  /** In `snapshot`: when to try again. */
  snapshotDeadlineMs = 0;
  /** The one it was last offered, until it has answered for what it has. */
  snapshot: SnapshotMeta | undefined;
  /** The anchor it was last given, to pace the next. */
  anchorIndex = 0;
  /** The next anchor after `match`, as far as its stretches are hashed. */
  anchoring: { readonly end: number; readonly points: AnchorPoint[] } | undefined;
  /** Since when `match` has stood still behind what is committed, and where. */
  behindSinceMs: number;
  matchSeen = 0;
  #ends: number[] = [];
  #sizes: number[] = [];
  #bytes = 0;

  constructor(next: number, nowMs: number, confirmedMs = nowMs) {
    this.confirmedMs = confirmedMs;
    this.next = next;
    this.contactMs = nowMs;
    this.steadySinceMs = nowMs;
    this.behindSinceMs = nowMs;
  }

  /** How many appends are on their way. */
  get inflight(): number {
    return this.#ends.length;
  }

  /** Whether another append may go out. */
  hasRoom(messagesMax: number, bytesMax: number): boolean {
    if (this.state === "snapshot") return false;
    if (this.state === "probe") return !this.probing;
    return this.#ends.length < messagesMax && this.#bytes < bytesMax;
  }

  /** Notes an append that went out with entries up to `lastIndex`. */
  sent(lastIndex: number, bytes: number): void {
    if (this.state === "probe") {
      this.probing = true;
      return;
    }
    this.next = lastIndex + 1;
    this.#ends.push(lastIndex);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
  }

  /** Notes that everything up to `index` agrees and is durable there. */
  matched(index: number): void {
    this.snapshot = undefined;
    if (index > this.match) this.anchoring = undefined;
    this.match = Math.max(this.match, index);
    this.next = Math.max(this.next, this.match + 1);
    if (this.state === "replicate") {
      let done = 0;
      while (done < this.#ends.length && (this.#ends[done] ?? 0) <= index) {
        this.#bytes -= this.#sizes[done] ?? 0;
        done++;
      }
      if (done > 0) {
        this.#ends.splice(0, done);
        this.#sizes.splice(0, done);
      }
      return;
    }
    this.#clear();
    this.state = "replicate";
    this.next = this.match + 1;
  }

  /** Goes back to finding out where the logs agree, from `next` on. */
  probeFrom(next: number): void {
    this.#clear();
    this.state = "probe";
    this.next = Math.max(next, this.match + 1);
  }

  /** Waits for what brings it further at once: a snapshot, or what others serve it. */
  awaitSnapshot(deadlineMs: number, snapshot?: SnapshotMeta): void {
    this.#clear();
    this.state = "snapshot";
    this.snapshotDeadlineMs = deadlineMs;
    this.snapshot = snapshot;
  }

  /** All of it but times. */
  describe(): readonly unknown[] {
    const { state, match, next, answered, probing, toldCommit, round, anchorIndex } = this;
    const facts = [state, match, next, answered, probing, toldCommit, round, anchorIndex];
    return [...facts, this.matchSeen, this.snapshot, this.#ends];
  }

  #clear(): void {
    this.#ends = [];
    this.#sizes = [];
    this.#bytes = 0;
    this.probing = false;
  }
}
