import type { Core } from "./core.ts";
import { hasMajority } from "./quorum.ts";
import { sendHeartbeat } from "./replication.ts";
import type { Leader } from "./role.ts";

/*
 * Strong reads: Raft thesis §6.4.
 *
 * 1. A round confirms only reads that came before it began (R10).
 * 2. No round begins before an entry of the own term is committed.
 * 3. One round is out at a time; what comes meanwhile shares the next.
 */

/** Takes on a read. */
export function onRead(core: Core, id: number): void {
  const { role, limits } = core;
  if (core.halted !== undefined) core.reads.push({ kind: "refused", id, reason: "halted" });
  else if (role.state !== "leader") core.reads.push({ kind: "refused", id, reason: "not-leader" });
  else if (role.readsWaiting.length >= limits.readsMax) {
    core.reads.push({ kind: "refused", id, reason: "overloaded" });
  } else role.readsWaiting.push(id);
}

/** Begins a round for the reads that wait, where none is out. */
export function beginRound(core: Core, leader: Leader): void {
  if (leader.readsWaiting.length === 0 || leader.roundIndex !== undefined) return;
  if (!core.rules.mayRead(core.commit, leader.firstIndex)) return;
  leader.round = core.rules.nextRound(leader.round);
  leader.roundIndex = core.commit;
  leader.readsInRound = leader.readsWaiting;
  leader.readsWaiting = [];
  confirmRound(core, leader);
  if (leader.roundIndex === undefined) return;
  const asked = new Set(core.electors.flat());
  for (const [id, progress] of leader.progress) {
    if (asked.has(id)) sendHeartbeat(core, leader, id, progress);
  }
}

/** Lets the reads of the round go, once a majority has confirmed it. */
export function confirmRound(core: Core, leader: Leader): void {
  const { roundIndex: index, round } = leader;
  if (index === undefined) return;
  const confirmed = hasMajority(
    core.electors,
    (id) => id === core.id || (leader.progress.get(id)?.round ?? 0) >= round,
  );
  if (!confirmed && core.rules.readsNeedRound()) return;
  for (const id of leader.readsInRound) core.reads.push({ kind: "ready", id, index });
  leader.readsInRound = [];
  leader.roundIndex = undefined;
}
