import { onFetch } from "./catch-up.ts";
import { Core } from "./core.ts";
import type { Effects } from "./effects.ts";
import {
  campaign,
  countOwnVote,
  onElectionTimeout,
  onVoteReply,
  onVoteRequest,
} from "./election.ts";
import type { Entry } from "./entry.ts";
import { fingerprint } from "./fingerprint.ts";
import { onAnchor, onAppend, onHeartbeat, onSnapshot } from "./follower.ts";
import { Founding, introduce, joinInstance, mayJoin, onHello, sayHello } from "./founding.ts";
import type { Input } from "./input.ts";
import { checkStep, checkWhole, type Watermark } from "./invariants.ts";
import {
  advanceCommit,
  checkQuorum,
  onAppendReply,
  onHeartbeatReply,
  onLeaderTick,
  onPropose,
  onTransfer,
} from "./leader.ts";
import { type MemberId, type MemberKind, noInstance } from "./member.ts";
import type { Message } from "./messages.ts";
import type { RaftInit } from "./raft-init.ts";
import { beginRound, onRead } from "./read-index.ts";
import { replicate } from "./replication.ts";
import type { Leader } from "./role.ts";
import { onSnapshotSaved, wantedSnapshot } from "./snapshot-plan.ts";
import { positionOf, type RaftStatus, statusOf } from "./status.ts";
import { refusalOf } from "./validate.ts";

/**
 * One member of a group: elections, replication, membership, reads and compaction as a deterministic
 * machine. `step` takes an input, `take` gives what is to be done since the last `take`; many inputs
 * may share one `take`, which then batches what they cause. No clock, no I/O: time comes with each
 * input, durability is told by the input `persisted`.
 *
 * 1. The same inputs in the same order give the same effects.
 * 2. What is in `sends` may go at once; what must be durable first is held back inside.
 * 3. A rule that does not hold throws `InvariantError`: the group stops.
 */
export class RaftNode {
  readonly #core: Core;
  readonly #before: Watermark = { instance: "", term: 0, commit: 0, handed: 0 };

  /** Starts as a follower, of the stored instance or of none. */
  constructor(init: RaftInit) {
    this.#core = new Core(init);
    if (!this.#core.isBound) this.#core.founding = new Founding(this.#core);
  }

  /**
   * Takes in what happened.
   *
   * @param nowMs - monotonic; a value before the last one counts as that one.
   * @throws InvariantError
   */
  step(input: Input, nowMs: number): void {
    const core = this.#core;
    if (nowMs > core.now) core.now = nowMs;
    if (core.role.state === "leader") checkQuorum(core, core.role);
    this.#handle(input);
    if (core.founding && core.isBound) core.founding = undefined;
  }

  /** What is to be done now. @throws InvariantError */
  take(): Effects {
    const core = this.#core;
    if (core.halted === undefined && core.role.state === "leader") {
      core.stretchDigests.begin();
      beginRound(core, core.role);
      replicate(core, core.role);
    }
    const halted = core.halted !== undefined;
    const persist = halted ? undefined : core.durability.next(() => core.hardState(), core.now);
    const { sends, outcomes, reads, events, restore } = core;
    const applicable = core.isBound ? core.commit : core.handed;
    const before = core.handed;
    const apply = core.log.range(before + 1, applicable);
    core.handed = applicable;
    core.sends = [];
    core.outcomes = [];
    core.reads = [];
    core.events = [];
    core.restore = undefined;
    checkStep(core, this.#before);
    return {
      persist,
      sends,
      restore,
      apply,
      outcomes,
      reads,
      events,
      snapshot: wantedSnapshot(core, apply),
    };
  }

  /** When the next `tick` is due at the latest. */
  get nextDeadlineMs(): number {
    const { role, founding, electionDeadlineMs, helloDeadlineMs } = this.#core;
    if (this.#core.halted !== undefined) return Number.POSITIVE_INFINITY;
    if (role.state === "leader") return this.#leaderDeadlineMs(role);
    const deadline = Math.min(electionDeadlineMs, helloDeadlineMs);
    return founding ? Math.min(deadline, founding.deadlineMs) : deadline;
  }

  #leaderDeadlineMs({ heartbeatDeadlineMs, quorumDeadlineMs }: Leader): number {
    const { now, stretchDigests } = this.#core;
    return stretchDigests.isWanted ? now : Math.min(heartbeatDeadlineMs, quorumDeadlineMs);
  }

  /** What the member is at the moment. */
  status(): RaftStatus {
    return statusOf(this.#core);
  }

  /** Who leads, as far as this member knows. */
  get leader(): MemberId | undefined {
    return this.#core.leader;
  }

  /** Up to where a member's log agrees with this leader's; unknown elsewhere and before it answered. */
  positionOf(member: MemberId): number | undefined {
    return positionOf(this.#core, member);
  }

  /** Entries from a position on, as far as no snapshot covers them. */
  entries(from: number, countMax: number): readonly Entry[] {
    const { baseIndex, lastIndex } = this.#core.log;
    const first = Math.max(from, baseIndex + 1);
    return this.#core.log.range(first, Math.min(lastIndex, first + countMax - 1));
  }

  /** A text that is equal for members in the same state, time left aside; votes as well where `isSettled`. */
  fingerprint(isSettled = false): string {
    return fingerprint(this.#core, isSettled);
  }

  /** Checks every invariant, the dear ones too. @throws InvariantError */
  check(): void {
    checkWhole(this.#core);
  }

  #handle(input: Input): void {
    const core = this.#core;
    if (core.halted !== undefined && input.kind !== "propose" && input.kind !== "read") return;
    switch (input.kind) {
      case "tick":
        return this.#tick();
      case "received":
        return this.#receive(input.from, input.message);
      case "propose":
        return onPropose(core, input.id, input.commands);
      case "read":
        return onRead(core, input.id);
      case "persisted":
        return this.#persisted(input.sequence);
      case "storage-failed":
        return core.halt("storage failed");
      case "bond":
        return this.#bond(input.member, input.up ? input.memberKind : undefined);
      case "snapshot-saved":
        return onSnapshotSaved(core, input.meta, input.bytes);
      case "snapshot-missed":
        return core.pace.missed();
      case "snapshot-progress":
        return this.#awaitSnapshot(input.to);
      case "snapshot-failed":
        return this.#retrySnapshot(input.to);
      case "transfer":
        return onTransfer(core, input.to);
      case "remove":
        if (core.role.state === "leader") core.role.removals.add(input.member);
        return;
      default:
        return input satisfies never;
    }
  }

  #tick(): void {
    const core = this.#core;
    if (core.role.state === "leader") return onLeaderTick(core, core.role);
    core.founding?.tick(core);
    core.catchUp?.fetch(core);
    if (core.now >= core.electionDeadlineMs) onElectionTimeout(core);
    if (core.now < core.helloDeadlineMs) return;
    core.helloDeadlineMs = core.now + core.limits.heartbeatMs;
    const lost = core.now - core.heardLeaderMs > 2 * core.limits.electionMaxMs;
    if (lost || !core.membership.find(core.id)) sayHello(core);
  }

  #bond(member: MemberId, kind: MemberKind | undefined): void {
    const core = this.#core;
    if (kind === undefined) {
      core.bonds.delete(member);
      core.catchUp?.vanished(core, member);
    } else {
      core.bonds.set(member, kind);
      this.#retrySnapshot(member);
    }
    if (kind !== undefined && !core.membership.find(member)) introduce(core, member);
  }

  #persisted(sequence: number): void {
    const core = this.#core;
    core.durability.done(sequence);
    core.durability.release(core.sends);
    core.founding?.durable(core);
    if (core.role.state === "leader") advanceCommit(core);
    else countOwnVote(core);
  }

  #awaitSnapshot(to: MemberId): void {
    const { role, now, limits } = this.#core;
    const progress = role.state === "leader" ? role.progress.get(to) : undefined;
    if (progress?.snapshot) progress.snapshotDeadlineMs = now + limits.snapshotTimeoutMs;
  }

  #retrySnapshot(to: MemberId): void {
    const { role } = this.#core;
    if (role.state !== "leader") return;
    const progress = role.progress.get(to);
    if (progress?.state === "snapshot") progress.probeFrom(progress.match + 1);
  }

  #receive(from: MemberId, message: Message): void {
    const core = this.#core;
    const refusal = refusalOf(core, message);
    if (refusal !== undefined) return core.refuseMessage(from, refusal);
    if (message.kind === "hello") return onHello(core, from, message);
    if (message.kind === "genesis" && mayJoin(core)) {
      return core.founding?.proposed(core, from, message);
    }
    if (message.instance !== core.instance && !this.#turnsTo(from, message)) return;
    this.#dispatch(from, message);
  }

  /** Whether a message of another instance is acted on: a leader's, at a node that has none. */
  #turnsTo(from: MemberId, message: Message): boolean {
    const core = this.#core;
    const { kind, instance } = message;
    const isLeaders = kind === "append" || kind === "heartbeat" || kind === "snapshot";
    if (instance !== noInstance && isLeaders && mayJoin(core)) {
      joinInstance(core, instance);
      return true;
    }
    // A founding that is not done yet, or one of its attempts that came late, is no other group.
    const isFounding = kind === "genesis" || kind === "genesis-reply";
    if (core.isBound && instance !== noInstance && !isFounding) {
      core.events.push({ kind: "instance-conflict", from, instance });
    }
    return false;
  }

  #dispatch(from: MemberId, message: Message): void {
    const core = this.#core;
    switch (message.kind) {
      case "append":
        return onAppend(core, from, message);
      case "append-reply":
        return onAppendReply(core, from, message);
      case "heartbeat":
        return onHeartbeat(core, from, message);
      case "heartbeat-reply":
        return onHeartbeatReply(core, from, message);
      case "vote-request":
        return onVoteRequest(core, from, message);
      case "vote-reply":
        return onVoteReply(core, from, message);
      case "snapshot":
        return onSnapshot(core, from, message);
      case "anchor":
        return onAnchor(core, from, message);
      case "fetch":
        return onFetch(core, from, message);
      case "fetch-reply":
        return core.catchUp?.received(core, from, message);
      case "timeout-now":
        if (message.term === core.term && core.leader === from && core.mayStand) {
          campaign(core, true);
        }
        return;
      case "genesis-reply":
        return core.founding?.agreed(core, from);
      default:
        return;
    }
  }
}
