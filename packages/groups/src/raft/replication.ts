import { invariant } from "@mosaik/primitives";
import type { Core } from "./core.ts";
import { type Entry, entryBytes, noData } from "./entry.ts";
import type { MemberId } from "./member.ts";
import type { AnchorPoint } from "./messages.ts";
import type { Progress } from "./progress.ts";
import type { Leader } from "./role.ts";

/*
 * What a leader sends to each member, and when (R6): entries as soon as there are any and the window
 * has room, without waiting for its own disk; the commit index with them, or alone where nothing
 * else is on its way. A witness gets only what is durable at the leader: it keeps no commands, and a
 * position that it alone knows could never be served again.
 */

/** Sends every member what it may be sent now. */
export function replicate(core: Core, leader: Leader): void {
  for (const [id, progress] of leader.progress) replicateTo(core, leader, id, progress);
}

/**
 * Asks a member whether it has all that was sent to it, whatever the window: where something was lost
 * on the way it refuses, and is probed.
 */
export function askForEnd(core: Core, to: MemberId, progress: Progress): void {
  const prevTerm = core.log.termAt(progress.next - 1);
  if (prevTerm === undefined) progress.probeFrom(progress.match + 1);
  else sendAppend(core, to, progress, prevTerm, [], true);
}

function replicateTo(core: Core, leader: Leader, to: MemberId, progress: Progress): void {
  const { limits, log } = core;
  const isWitness = core.membership.find(to)?.kind === "witness";
  const end = isWitness ? core.durability.durableIndex : log.lastIndex;
  while (progress.hasRoom(limits.inflightMessagesMax, limits.inflightBytesMax)) {
    const prevIndex = progress.next - 1;
    const prevTerm = log.termAt(prevIndex);
    if (prevTerm === undefined) return sendSnapshot(core, to, progress);
    const isNew = progress.next <= end;
    const tells = progress.toldCommit < core.commit && progress.inflight === 0;
    if (!isNew && !tells && progress.state !== "probe") return;
    if (isNew && assist(core, leader, to, progress)) return;
    const most = Math.min(limits.appendEntriesMax, end - prevIndex);
    const entries = log.slice(progress.next, most, limits.appendBytesMax);
    const sent = isWitness ? entries.map(withoutData) : entries;
    sendAppend(core, to, progress, prevTerm, sent, isNew || progress.state === "probe");
  }
}

function sendAppend(
  core: Core,
  to: MemberId,
  progress: Progress,
  prevTerm: number,
  entries: readonly Entry[],
  answered: boolean,
): void {
  const prevIndex = progress.next - 1;
  core.send(to, {
    kind: "append",
    instance: core.instance,
    term: core.term,
    prevIndex,
    prevTerm,
    entries,
    commit: core.commit,
    answered,
  });
  progress.toldCommit = core.commit;
  if (entries.length === 0 && progress.state !== "probe") return;
  let bytes = 0;
  for (const entry of entries) bytes += entryBytes(entry);
  progress.sent(prevIndex + entries.length, bytes);
}

function withoutData(entry: Entry): Entry {
  return entry.data.byteLength === 0 ? entry : { ...entry, data: noData };
}

/** Says that the leader is there. */
export function sendHeartbeat(core: Core, leader: Leader, to: MemberId, progress: Progress): void {
  core.send(to, {
    kind: "heartbeat",
    instance: core.instance,
    term: core.term,
    commit: core.rules.heartbeatCommit(progress.match, core.commit),
    round: leader.round,
  });
}

/** Offers a snapshot: the one that was offered before, where the log still goes on from it. */
function sendSnapshot(core: Core, to: MemberId, progress: Progress): void {
  const offered = progress.snapshot;
  const isFollowed = offered !== undefined && offered.index >= core.log.baseIndex;
  const meta = isFollowed ? offered : core.snapshot;
  invariant(meta !== undefined, "what is no longer in the log is in a snapshot");
  progress.awaitSnapshot(core.now + core.limits.snapshotTimeoutMs, meta);
  core.send(to, { kind: "snapshot", instance: core.instance, term: core.term, meta });
}

/** Leaves a member that is far behind to the others, where some can serve it (R13). */
function assist(core: Core, leader: Leader, to: MemberId, progress: Progress): boolean {
  const { limits, commit } = core;
  const behind = commit - progress.match;
  if (limits.assistEntries === 0 || behind < limits.assistEntries) return false;
  if (progress.state !== "replicate" || progress.inflight > 0) return false;
  if (progress.anchorIndex > progress.match) return false;
  progress.anchoring ??= { end: anchorEnd(core, progress.match), points: [] };
  const { end, points } = progress.anchoring;
  const providers = [...leader.progress]
    .filter(([id, other]) => {
      const recent = core.now - other.contactMs < limits.electionMinMs;
      const has = core.rules.mayProvide(other.match, other.toldCommit, end);
      return id !== to && recent && has;
    })
    .filter(([id]) => core.membership.find(id)?.kind !== "witness")
    .map(([id]) => id);
  if (providers.length === 0) return false;
  if (!hashStretches(core, progress.match, end, points)) return true; // goes on with the next step
  progress.anchoring = undefined;
  progress.anchorIndex = end;
  progress.awaitSnapshot(core.now + 4 * limits.electionMinMs);
  core.send(to, {
    kind: "anchor",
    instance: core.instance,
    term: core.term,
    fromIndex: progress.match,
    points,
    providers,
  });
  return true;
}

/** Where an anchor after a position ends: after as many bytes as two appends have. */
function anchorEnd({ limits, log, commit }: Core, after: number): number {
  const most = Math.min(limits.anchorEntriesMax, commit - after);
  return log.endOf(after + 1, most, 2 * limits.appendBytesMax);
}

/** Goes on with the stretches of an anchor; whether all of them are hashed. */
function hashStretches(core: Core, after: number, end: number, points: AnchorPoint[]): boolean {
  const { log, stretchDigests } = core;
  for (let from = (points.at(-1)?.index ?? after) + 1; from <= end; ) {
    if (stretchDigests.isSpent) return false;
    const index = Math.min(end, stretchEnd(core, from));
    const stretch = stretchDigests.of(log, from, index);
    if (stretch === undefined) return false;
    points.push({ index, ...stretch });
    from = index + 1;
  }
  return true;
}

/**
 * Where the stretch of a position ends. Stretches are counted from the same positions for all members,
 * so that they end alike, and a digest serves several.
 */
function stretchEnd({ limits, log }: Core, position: number): number {
  const { fetchEntriesMax, fetchBytesMax } = limits;
  const blockStart = position - ((position - 1) % fetchEntriesMax);
  const blockEnd = blockStart + fetchEntriesMax - 1;
  for (let from = Math.max(blockStart, log.baseIndex + 1); ; ) {
    const end = log.endOf(from, blockEnd - from + 1, fetchBytesMax);
    if (end >= position) return end;
    from = end + 1;
  }
}
