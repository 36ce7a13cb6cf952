import { planChange, planReturn } from "./change-plan.ts";
import type { Core } from "./core.ts";
import { decidedIndex } from "./deciding.ts";
import { campaign } from "./election.ts";
import { type Entry, entryBytes, noData } from "./entry.ts";
import { diskPatienceElections } from "./limits.ts";
import type { Configuration, MemberId } from "./member.ts";
import type { AppendReply, HeartbeatReply } from "./messages.ts";
import { Progress } from "./progress.ts";
import { hasMajority, reachedBy } from "./quorum.ts";
import { confirmRound } from "./read-index.ts";
import { askForEnd, sendHeartbeat } from "./replication.ts";
import type { Leader } from "./role.ts";

/*
 * What a leader does: Raft §5.3, §5.4.2; check of the quorum (thesis §6.2), transfer (§3.10).
 *
 * 1. It only ever adds to its log.
 * 2. It commits by counting entries of its own term only, its own copy once durable (R4, R5).
 * 3. It resigns when a majority has been silent for the shortest election timeout.
 * 4. It resigns when its own disk takes far longer than an election, where the others can do without it.
 * 5. Where it is no voter any more it takes on nothing, and resigns once a voter with data has all it has.
 */

/** Takes on the leadership of the present term: an entry of the own term first (R5). */
export function becomeLeader(core: Core): void {
  const leader: Leader = {
    state: "leader",
    firstIndex: core.log.lastIndex + 1,
    progress: new Map(),
    heartbeatDeadlineMs: core.now + core.limits.heartbeatMs,
    quorumDeadlineMs: core.now + core.limits.electionMinMs,
    readsWaiting: [],
    readsInRound: [],
    round: 0,
    roundIndex: undefined,
    transfer: undefined,
    isLeaving: false,
    joins: new Map(),
    removals: new Set(),
  };
  core.catchUp = undefined;
  core.founding = undefined;
  core.setRole(leader);
  core.setLeader(core.id);
  core.uncommittedBytes = 0;
  trackMembers(core, leader);
  appendOwn(core, "noop", noData, undefined);
}

/** Keeps a progress for exactly the other members, those of an undecided change included. */
function trackMembers(core: Core, leader: Leader): void {
  const before = core.membership.previous(core.commit)?.members ?? [];
  const tracked = new Set([...core.membership.latest.members, ...before].map(({ id }) => id));
  tracked.delete(core.id);
  for (const id of tracked) {
    if (leader.progress.has(id)) continue;
    const graceMs = 2 * core.limits.heartbeatMs - core.limits.electionMinMs;
    leader.progress.set(id, new Progress(core.log.lastIndex + 1, core.now, core.now + graceMs));
  }
  for (const id of leader.progress.keys()) if (!tracked.has(id)) leader.progress.delete(id);
}

function appendOwn(
  core: Core,
  kind: Entry["kind"],
  data: Uint8Array,
  config: Configuration | undefined,
): Entry {
  const { log, term } = core;
  const entry: Entry = { index: log.lastIndex + 1, term, kind, data, configuration: config };
  core.append(entry);
  core.durability.appended();
  core.uncommittedBytes += entryBytes(entry);
  return entry;
}

/** Takes on commands, all or none. */
export function onPropose(core: Core, id: number, commands: readonly Uint8Array[]): void {
  const { role, limits } = core;
  if (core.halted !== undefined) return core.refuse(id, "halted");
  if (role.state !== "leader" || commands.length === 0) return core.refuse(id, "not-leader");
  if (role.transfer || role.isLeaving) return core.refuse(id, "transferring");
  let bytes = 0;
  for (const command of commands) {
    if (command.byteLength > limits.commandBytesMax) return core.refuse(id, "too-large");
    bytes += command.byteLength;
  }
  const pending = core.log.lastIndex - core.commit;
  const full = pending + commands.length > limits.proposalsMax;
  if (pending > 0 && (full || core.uncommittedBytes + bytes > limits.uncommittedBytesMax)) {
    return core.refuse(id, "overloaded");
  }
  for (const command of commands) appendOwn(core, "command", command, undefined);
  const { term } = core;
  const index = core.log.lastIndex;
  core.waiters.set(index, { id, index, term });
  core.outcomes.push({ kind: "accepted", id, index: index - commands.length + 1, term });
}

/** Learns how far a member is. */
export function onAppendReply(core: Core, from: MemberId, message: AppendReply): void {
  const { role, rules, log } = core;
  if (message.term > core.term) return onLaterTerm(core, from, message.term);
  if (role.state !== "leader" || !rules.isCurrent(message, core.term)) return;
  const progress = role.progress.get(from);
  if (!progress) return;
  heard(core, progress);
  if (rules.confirms(message)) {
    if (message.index > log.lastIndex)
      return core.refuseMessage(from, "confirms what is not there");
    progress.matched(message.index);
    progress.confirmedMs = core.now;
    advanceCommit(core);
    if (role.transfer?.to === from) handOver(core, role);
    if (core.role === role && role.isLeaving) leave(core, role);
    return;
  }
  const { index, hintIndex, hintTerm } = message;
  if (progress.state === "replicate" ? index <= progress.match : index !== progress.next - 1)
    return;
  if (progress.state === "snapshot") return;
  // Overtaken, or the member lost what it had confirmed: asking at once would not end, a heartbeat does later.
  if (index <= progress.match) return;
  progress.probeFrom(log.lastNotAfter(rules.retreat(index, hintIndex), hintTerm) + 1);
}

/** Notes an answer to a heartbeat; one that is behind is probed again. */
export function onHeartbeatReply(core: Core, from: MemberId, message: HeartbeatReply): void {
  const { role } = core;
  if (message.term > core.term) return onLaterTerm(core, from, message.term);
  if (role.state !== "leader" || message.term !== core.term) return;
  const progress = role.progress.get(from);
  if (!progress) return;
  heard(core, progress);
  progress.probing = false;
  if (progress.match >= core.log.lastIndex) progress.confirmedMs = core.now;
  if (message.round > progress.round && message.round <= role.round) {
    progress.round = message.round;
    confirmRound(core, role);
  }
  if (progress.state === "replicate" && progress.match < core.log.lastIndex) {
    askForEnd(core, from, progress);
  }
}

function heard(core: Core, progress: Progress): void {
  if (core.now - progress.contactMs > core.limits.electionMinMs) progress.steadySinceMs = core.now;
  progress.contactMs = core.now;
  progress.answered = true;
}

/**
 * A member is in a later term, which it cannot leave: a leader that is well otherwise leads it from
 * there on, by an election at once, so that nobody else need stand.
 */
function onLaterTerm(core: Core, from: MemberId, term: number): void {
  const led = core.role.state === "leader";
  if (led && !core.membership.find(from)) return;
  core.follow(term, undefined);
  if (led && core.mayStand) campaign(core, true);
}

/** Commits what a majority has, the own copy included once it is durable. */
export function advanceCommit(core: Core): void {
  const { role, log, rules } = core;
  if (role.state !== "leader") return;
  const held = decidedIndex(core, role);
  if (held <= core.commit || !rules.mayCommit(log.termAt(held) ?? 0, core.term)) return;
  for (let index = core.commit + 1; index <= held; index++) {
    const entry = log.at(index);
    if (entry) core.uncommittedBytes -= entryBytes(entry);
  }
  core.uncommittedBytes = Math.max(0, core.uncommittedBytes);
  const changed = core.membership.latestIndex > core.commit;
  core.commitTo(held);
  if (!changed) return;
  if (core.membership.latestIndex <= core.commit) trackMembers(core, role);
  if (core.mayStand) return advanceCommit(core);
  role.isLeaving = true;
  leave(core, role);
}

/**
 * Resigns, as no voter any more, once another may lead: a witness that has what no voter with data
 * has would elect none of them.
 */
function leave(core: Core, leader: Leader): void {
  if (successor(core, leader) !== undefined) resign(core, leader);
}

/** A voter with data that has the whole log. */
function successor(core: Core, leader: Leader): MemberId | undefined {
  for (const [id, { match }] of leader.progress) {
    const isData = core.membership.find(id)?.kind === "data";
    if (match === core.log.lastIndex && isData && isVoter(core, id)) return id;
  }
  return undefined;
}

/** Leaves it to the others, one of whom is asked to stand at once. */
function resign(core: Core, leader: Leader): void {
  const next = successor(core, leader);
  const { instance, term } = core;
  if (next !== undefined) core.send(next, { kind: "timeout-now", instance, term });
  core.follow(term, undefined);
  core.setLeader(undefined);
}

function isVoter(core: Core, id: MemberId): boolean {
  return core.deciders.some((voters) => voters.includes(id));
}

/**
 * Whether the own disk holds the group up: it has had a batch for long, and the others have a majority
 * without this member. Not at once: where all disks are slow nobody would lead for long.
 */
function isHeldUp(core: Core, leader: Leader): boolean {
  const { durability, limits, now } = core;
  if (durability.waitingMs(now) <= diskPatienceElections * limits.electionMaxMs) return false;
  const isThere = (id: MemberId): boolean =>
    now - (leader.progress.get(id)?.contactMs ?? Number.NEGATIVE_INFINITY) < limits.electionMinMs;
  return hasMajority(core.electors, isThere);
}

/** Resigns where a majority has been silent for too long; false then. */
export function checkQuorum(core: Core, leader: Leader): boolean {
  if (core.now < leader.quorumDeadlineMs) return true;
  const contactMs = (id: MemberId): number =>
    id === core.id ? core.now : (leader.progress.get(id)?.contactMs ?? 0);
  const heardMs = Math.max(0, ...core.electors.map((voters) => reachedBy(voters, contactMs)));
  leader.quorumDeadlineMs = heardMs + core.limits.electionMinMs;
  if (core.now < leader.quorumDeadlineMs) return true;
  core.follow(core.term, undefined);
  core.setLeader(undefined);
  return false;
}

/** What a leader does as time passes. */
export function onLeaderTick(core: Core, leader: Leader): void {
  if (leader.transfer && core.now >= leader.transfer.deadlineMs) leader.transfer = undefined;
  if (core.now < leader.heartbeatDeadlineMs) return;
  leader.heartbeatDeadlineMs = core.now + core.limits.heartbeatMs;
  for (const [id, progress] of leader.progress) {
    const late = progress.state === "snapshot" && core.now >= progress.snapshotDeadlineMs;
    if (late) progress.probeFrom(progress.match + 1);
    sendHeartbeat(core, leader, id, progress);
  }
  returnMembers(core, leader);
  advanceCommit(core);
  if (core.role === leader && isHeldUp(core, leader)) resign(core, leader);
  if (core.role !== leader || leader.isLeaving) return;
  const change = planChange(core, leader);
  if (change) changeMembers(core, leader, change);
}

/** Puts a configuration into the log, where rules R1 and R2 allow it. */
export function changeMembers(core: Core, leader: Leader, next: Configuration): boolean {
  const { rules, membership } = core;
  if (!rules.mayChange(core.commit, membership.latestIndex, leader.firstIndex)) return false;
  appendOwn(core, "configuration", noData, next);
  trackMembers(core, leader);
  return true;
}

/**
 * Goes back to the configuration before a change that is not decided, where it is time to. No entry of
 * the own term need be committed first: no set of voters comes into use that was not in use already.
 */
function returnMembers(core: Core, leader: Leader): void {
  const before = planReturn(core, leader);
  if (!before) return;
  appendOwn(core, "configuration", noData, before);
  trackMembers(core, leader);
}

/** Begins to hand leadership over: no new commands until the other has all, or time is up. */
export function onTransfer(core: Core, to: MemberId): void {
  const { role } = core;
  if (role.state !== "leader" || role.transfer || to === core.id) return;
  if (!isVoter(core, to) || core.membership.find(to)?.kind !== "data") return;
  role.transfer = { to, deadlineMs: core.now + core.limits.electionMinMs, sent: false };
  handOver(core, role);
}

function handOver(core: Core, leader: Leader): void {
  const { transfer } = leader;
  if (!transfer || transfer.sent) return;
  if (leader.progress.get(transfer.to)?.match !== core.log.lastIndex) return;
  transfer.sent = true;
  core.send(transfer.to, { kind: "timeout-now", instance: core.instance, term: core.term });
}
