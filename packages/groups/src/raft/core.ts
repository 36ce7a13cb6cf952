import { invariant, type Random, sha256 } from "@mosaik/primitives";
import type { CatchUp } from "./catch-up.ts";
import { Durability } from "./durability.ts";
import type { Outcome, Outgoing, RaftEvent, ReadOutcome, Refusal, RoleName } from "./effects.ts";
import type { Entry, HardState, SnapshotMeta } from "./entry.ts";
import type { Founding } from "./founding.ts";
import type { RaftLimits } from "./limits.ts";
import { Log } from "./log.ts";
import {
  type InstanceId,
  type MemberId,
  type MemberKind,
  noInstance,
  sameConfiguration,
} from "./member.ts";
import { Membership } from "./membership.ts";
import type { Message } from "./messages.ts";
import type { VoterSets } from "./quorum.ts";
import type { RaftInit, StoredState } from "./raft-init.ts";
import type { Role, Waiter } from "./role.ts";
import { type RaftRules, raftRules } from "./rules.ts";
import { SnapshotPace } from "./snapshot-pace.ts";
import { StretchDigests } from "./stretch-digest.ts";

const follower: Role = { state: "follower" };

/**
 * The state of one member, and the few acts that all roles share. What a role decides is in the file
 * of that role; nothing outside this folder sees this class.
 */
export class Core {
  readonly id: MemberId;
  readonly kind: MemberKind;
  readonly limits: RaftLimits;
  readonly rules: RaftRules;
  readonly random: Random;
  readonly freshInstance: InstanceId;
  readonly log = new Log();
  readonly membership = new Membership();
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly stretchDigests: StretchDigests;
  readonly pace = new SnapshotPace();
  readonly durability: Durability;
  readonly bonds = new Map<MemberId, MemberKind>();
  now: number;
  instance: InstanceId = noInstance;
  attempt = 0;
  term = 0;
  vote: MemberId | undefined;
  commit = 0;
  /** The commit index that a leader told last: for people, nothing rests on it. */
  toldCommit = 0;
  /** Entries up to here were given to the machine. */
  handed = 0;
  role: Role = follower;
  leader: MemberId | undefined;
  heardLeaderMs: number;
  electionDeadlineMs = 0;
  helloDeadlineMs = 0;
  founding: Founding | undefined;
  catchUp: CatchUp | undefined;
  halted: string | undefined;
  waiters = new Map<number, Waiter>();
  uncommittedBytes = 0;
  /** The snapshot in force, durable here. */
  snapshot: SnapshotMeta | undefined;
  sends: Outgoing[] = [];
  outcomes: Outcome[] = [];
  reads: ReadOutcome[] = [];
  events: RaftEvent[] = [];
  restore: SnapshotMeta | undefined;

  constructor(init: RaftInit) {
    this.id = init.id;
    this.kind = init.kind;
    this.limits = init.limits;
    this.rules = init.rules ?? raftRules;
    this.random = init.random;
    this.hash = init.hash ?? sha256;
    this.stretchDigests = new StretchDigests(this.hash);
    this.freshInstance = init.freshInstance;
    this.now = init.nowMs;
    this.heardLeaderMs = Number.NEGATIVE_INFINITY;
    if (init.stored) this.#load(init.stored);
    this.durability = new Durability(this.log);
    this.resetElectionTimer();
  }

  /** Whether this node belongs to an instance that somebody voted in, or that has entries. */
  get isBound(): boolean {
    return this.instance !== noInstance && (this.term > 0 || this.log.lastIndex > 1);
  }

  /** Whether it may stand: with the data, and one of those who elect. */
  get mayStand(): boolean {
    const sets = this.membership.voterSets(this.commit);
    return this.kind === "data" && sets.some((voters) => voters.includes(this.id));
  }

  /** Whether the group may have a leader: bound, or all founders have agreed on how it begins. */
  get isElectable(): boolean {
    return this.isBound || this.founding?.isAgreed(this) === true;
  }

  /** Whether a leader was heard from within the shortest election timeout, or is this node. */
  get hasFreshLeader(): boolean {
    if (this.role.state === "leader") return true;
    const silence = this.now - this.heardLeaderMs;
    return this.leader !== undefined && silence < this.limits.electionMinMs;
  }

  /** Who decides what is committed: a majority of each, but for what a silent one leaves to the other. */
  get deciders(): VoterSets {
    return this.#counted(this.membership.voterSets(this.commit));
  }

  /** Who elects this member, keeps it leading and confirms its reads: a majority of any. */
  get electors(): VoterSets {
    const sets = this.membership.voterSets(this.commit);
    const own = sets.length === 1 ? sets : sets.filter((voters) => voters.includes(this.id));
    return this.#counted(own);
  }

  /** Sends at once. */
  send(to: MemberId, message: Message): void {
    this.sends.push({ to, message });
  }

  /** Sends once everything up to a generation is durable. */
  sendAfter(generation: number, to: MemberId, message: Message): void {
    this.durability.hold(generation, { to, message }, this.sends);
  }

  /** What must be durable, as it is now. */
  hardState(): HardState {
    const { instance, attempt, term, vote, commit } = this;
    return { instance, attempt, term, vote, commit };
  }

  /** Draws the next time this node may stand. */
  resetElectionTimer(): void {
    const { electionMinMs, electionMaxMs, reluctance } = this.limits;
    const wait = electionMinMs + this.random.next() * (electionMaxMs - electionMinMs);
    this.electionDeadlineMs = this.now + wait * reluctance;
  }

  /** Moves to a later term, without a vote in it. */
  raiseTerm(term: number): void {
    if (term <= this.term) return;
    this.term = term;
    this.vote = undefined;
    this.catchUp = undefined;
    this.durability.dropHeld();
    this.durability.hardChanged();
  }

  /** Takes on a role and says so. */
  setRole(role: Role): void {
    const before: RoleName = this.role.state;
    this.role = role;
    if (before === role.state) return;
    this.events.push({ kind: "role-changed", role: role.state, term: this.term });
  }

  /** Notes who leads and says so. */
  setLeader(leader: MemberId | undefined): void {
    if (this.leader === leader) return;
    this.leader = leader;
    this.events.push({ kind: "leader-changed", leader, term: this.term });
  }

  /** Follows, in this term or a later one, whoever leads it. */
  follow(term: number, leader: MemberId | undefined): void {
    if (this.role.state === "leader") this.#loseLeadership();
    const isNew = term > this.term;
    this.raiseTerm(term);
    if (this.role.state !== "follower") this.resetElectionTimer();
    this.setRole(follower);
    if (isNew || leader !== undefined) this.setLeader(leader);
  }

  /** Adds an entry to the log, and to the membership where it is one of that. */
  append(entry: Entry): void {
    this.log.append(entry);
    if (!entry.configuration) return;
    const isNew = !sameConfiguration(this.membership.latest, entry.configuration);
    this.membership.push(entry.index, entry.configuration);
    if (isNew) this.#configurationChanged();
  }

  /** Cuts the log before a proven difference (R7). */
  truncateFrom(index: number): void {
    invariant(index > this.commit, "a committed entry is never cut");
    invariant(this.role.state !== "leader", "a leader never cuts its log");
    const configurationIndex = this.membership.latestIndex;
    this.log.truncateFrom(index);
    this.membership.truncateFrom(index);
    this.durability.truncated(index);
    if (configurationIndex >= index) this.#configurationChanged();
  }

  /** Moves the commit index forward and settles what waited for it. */
  commitTo(index: number): void {
    if (index <= this.commit) return;
    invariant(index <= this.log.lastIndex, "what is committed is in the log");
    const before = this.commit;
    this.commit = index;
    const changed = this.membership.latestIndex;
    if (changed > before && changed <= index) this.durability.commitMoved();
    if (this.waiters.size > 0) this.#settle(before, index);
  }

  /** Answers a proposal that is not taken on. */
  refuse(id: number, reason: Refusal): void {
    this.outcomes.push({ kind: "refused", id, reason });
  }

  /** Notes a message that broke a rule. */
  refuseMessage(from: MemberId, reason: string): void {
    this.events.push({ kind: "message-refused", from, reason });
  }

  /** Stops for good: nothing more is said, accepted or acknowledged. */
  halt(reason: string): void {
    if (this.role.state === "leader") this.#loseLeadership();
    this.durability.dropHeld();
    this.sends = [];
    this.halted = reason;
    this.setRole(follower);
    this.setLeader(undefined);
    this.events.push({ kind: "halted", reason });
  }

  /** Makes a configuration the base that everything follows, as a snapshot or genesis does. */
  rebase(meta: SnapshotMeta): void {
    this.log.reset(meta.index, meta.term);
    this.membership.reset(meta.configurationIndex, meta.configuration);
    this.#configurationChanged();
  }

  #counted(sets: VoterSets): VoterSets {
    const { rules } = this;
    if (rules.isCounted(false) && !rules.countsLearners()) return sets;
    const all = this.membership.latest.members.map((member) => member.id);
    return (rules.countsLearners() ? [all] : sets).map((voters) =>
      voters.filter((id) => id === this.id || rules.isCounted(this.bonds.has(id))),
    );
  }

  #configurationChanged(): void {
    const { latest, latestIndex } = this.membership;
    this.events.push({
      kind: "configuration-changed",
      configuration: latest,
      index: latestIndex,
    });
  }

  #settle(from: number, to: number): void {
    for (let index = from + 1; index <= to; index++) {
      const waiter = this.waiters.get(index);
      if (!waiter) continue;
      this.waiters.delete(index);
      const { id, term } = waiter;
      const isOwn = this.rules.isOwn(term, this.log.termAt(index) ?? 0);
      this.outcomes.push(isOwn ? { kind: "committed", id, index, term } : { kind: "lost", id });
    }
  }

  #loseLeadership(): void {
    if (this.role.state !== "leader") return;
    for (const id of [...this.role.readsInRound, ...this.role.readsWaiting]) {
      this.reads.push({ kind: "refused", id, reason: "leadership-lost" });
    }
    this.uncommittedBytes = 0;
    this.setLeader(undefined);
    if (!this.rules.forgetsProposals()) return;
    for (const { id } of this.waiters.values()) this.outcomes.push({ kind: "unknown", id });
    this.waiters.clear();
  }

  #load(stored: StoredState): void {
    const { hard, snapshot, entries } = stored;
    if (snapshot) this.rebase(snapshot);
    for (const entry of entries) this.append(entry);
    this.instance = hard.instance as InstanceId; // it was one when it was written
    this.attempt = hard.attempt;
    this.term = Math.max(hard.term, this.log.lastTerm);
    this.vote = this.term === hard.term ? (hard.vote as MemberId | undefined) : undefined; // as above
    const genesis = this.instance === noInstance ? 0 : Math.min(1, this.log.lastIndex);
    const known = Math.min(hard.commit, this.log.lastIndex);
    this.commit = Math.max(known, this.log.baseIndex, genesis);
    this.handed = this.log.baseIndex;
    this.restore = snapshot;
    this.snapshot = snapshot;
    this.events = [];
  }
}
