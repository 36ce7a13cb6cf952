import { CatchUp } from "./catch-up.ts";
import type { Core } from "./core.ts";
import type { Entry } from "./entry.ts";
import type { MemberId } from "./member.ts";
import type { Anchor, Append, Heartbeat, InstallSnapshot } from "./messages.ts";

/*
 * What a member does with what its leader sends: Raft §5.3 and §7.
 *
 * 1. Only a proven difference is cut, never anything committed (R7).
 * 2. What an answer confirms is durable, and equal to the leader's log (R4, R6).
 * 3. Every append is answered, but for one that fits and only tells the commit index; a lower term is
 *    told the present one (R6, R15).
 */

/** Accepts the sender as leader of its term; false (and answered) where the term is over. */
function acceptsLeader(core: Core, from: MemberId, term: number): boolean {
  if (term < core.term) return false;
  if (term === core.term && core.leader !== undefined && core.leader !== from) {
    core.refuseMessage(from, "another member leads this term");
    return false;
  }
  if (term === core.term && core.role.state === "leader") {
    core.refuseMessage(from, "this member leads this term");
    return false;
  }
  if (term > core.term || core.role.state !== "follower" || core.leader !== from) {
    core.follow(term, from);
  }
  core.heardLeaderMs = core.now;
  core.resetElectionTimer();
  return true;
}

function confirm(core: Core, to: MemberId, index: number): void {
  core.sendAfter(core.durability.generation, to, {
    kind: "append-reply",
    instance: core.instance,
    term: core.term,
    accepted: true,
    index,
    hintIndex: 0,
    hintTerm: 0,
  });
}

function refuse(core: Core, to: MemberId, prevIndex: number, hintIndex: number): void {
  core.sendAfter(core.durability.hardGeneration, to, {
    kind: "append-reply",
    instance: core.instance,
    term: core.term,
    accepted: false,
    index: prevIndex,
    hintIndex,
    hintTerm: core.log.termAt(hintIndex) ?? 0,
  });
}

/** Appends what fits, or says where the logs may agree. */
export function onAppend(core: Core, from: MemberId, message: Append): void {
  const { log, rules } = core;
  const { prevIndex, prevTerm, entries } = message;
  if (!acceptsLeader(core, from, message.term)) {
    return refuse(core, from, prevIndex, Math.min(prevIndex, log.lastIndex));
  }
  core.toldCommit = message.commit;
  if (prevIndex >= log.baseIndex && log.termAt(prevIndex) !== prevTerm) {
    return refuse(core, from, prevIndex, rules.hint(prevIndex, prevTerm, log));
  }
  const last = prevIndex + entries.length;
  if (last >= log.baseIndex) adopt(core, entries);
  if (message.answered) {
    confirm(core, from, rules.confirmed(prevIndex, entries.length, log.lastIndex));
  }
  core.commitTo(rules.clampCommit(message.commit, Math.max(last, core.commit)));
}

/** Makes the log equal to entries that are known to follow an agreed position. */
function adopt(core: Core, entries: readonly Entry[]): void {
  const { truncateFrom, entries: added } = core.rules.reconcile(entries, core.log);
  if (truncateFrom !== undefined) core.truncateFrom(truncateFrom);
  if (added.length === 0) return;
  for (const entry of added) core.append(core.kind === "witness" ? withoutData(entry) : entry);
  core.durability.appended();
}

function withoutData(entry: Entry): Entry {
  return entry.data.byteLength === 0 ? entry : { ...entry, data: new Uint8Array(0) };
}

/** Notes that the leader is there, and confirms its read round. */
export function onHeartbeat(core: Core, from: MemberId, message: Heartbeat): void {
  if (acceptsLeader(core, from, message.term)) {
    core.commitTo(core.rules.clampCommit(message.commit, core.log.lastIndex));
  } else if (message.term === core.term) return;
  core.sendAfter(core.durability.hardGeneration, from, {
    kind: "heartbeat-reply",
    instance: core.instance,
    term: core.term,
    round: message.round,
  });
}

/** Starts over from a staged snapshot, unless what it covers is known to be committed already. */
export function onSnapshot(core: Core, from: MemberId, message: InstallSnapshot): void {
  const { meta } = message;
  // Its sender has gone on to a later term while the bytes were on their way.
  if (meta.term > message.term) return;
  if (!acceptsLeader(core, from, message.term)) return refuse(core, from, meta.index, 0);
  if (!core.rules.takesSnapshot(meta.index, core.commit)) return confirm(core, from, core.commit);
  if (core.log.termAt(meta.index) === meta.term) {
    core.commitTo(meta.index);
    return confirm(core, from, meta.index);
  }
  core.rebase(meta);
  core.commit = meta.index;
  core.handed = meta.index;
  core.restore = meta;
  core.snapshot = meta;
  core.durability.installed(meta);
  core.catchUp = undefined;
  confirm(core, from, meta.index);
}

/** Begins to fetch what lies before the leader's anchor from the others (R13). */
export function onAnchor(core: Core, from: MemberId, message: Anchor): void {
  if (!acceptsLeader(core, from, message.term)) return;
  const { fromIndex, points } = message;
  core.toldCommit = Math.max(core.toldCommit, points.at(-1)?.index ?? 0);
  if (fromIndex < core.log.baseIndex || fromIndex > core.log.lastIndex) return;
  core.catchUp = new CatchUp(message, from);
  core.catchUp.fetch(core);
}

/** Takes on entries that led up to an anchor. */
export function onCaughtUp(core: Core, from: MemberId, entries: readonly Entry[]): void {
  const last = entries.at(-1);
  if (!last || core.leader !== from) return;
  adopt(core, entries);
  confirm(core, from, last.index);
  core.commitTo(last.index);
}

/** Tells the leader that nobody serves what lies before its anchor: it is to send that itself (R13). */
export function onCatchUpFailed(core: Core, leader: MemberId, fromIndex: number): void {
  if (core.leader === leader) confirm(core, leader, fromIndex);
}
