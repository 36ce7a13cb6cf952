import type { Core } from "./core.ts";
import type { Candidate, Leader } from "./role.ts";

/**
 * A text that is equal for members that behave alike from here on: what the exhaustive checker tells
 * states apart by. Randomness is left aside, and of time all but what is overdue.
 *
 * Two members of equal text answer every input alike; the checker's audit holds it to that.
 *
 * @param isSettled - no vote in its term matters any more: whom it voted for, and whether it stands, is
 *   left aside.
 */
export function fingerprint(core: Core, isSettled = false): string {
  const vote = isSettled ? null : core.vote;
  return JSON.stringify([
    [core.instance, core.attempt, core.term, vote, core.commit, core.handed],
    [core.leader, core.hasFreshLeader, core.halted, core.snapshot],
    core.membership.latestIndex,
    describeLog(core),
    core.durability.describe(),
    [...core.waiters.values()],
    describeRole(core, isSettled),
    core.catchUp !== undefined,
    core.pace.describe(),
  ]);
}

function describeLog({ log, membership }: Core): readonly unknown[] {
  const entries: unknown[] = [];
  for (let index = log.baseIndex + 1; index <= log.lastIndex; index++) {
    const entry = log.at(index);
    if (entry) entries.push([entry.term, entry.kind, [...entry.data], entry.configuration]);
  }
  return [log.baseIndex, log.termAt(log.baseIndex), membership.at(log.baseIndex), entries];
}

function describeRole(core: Core, isSettled: boolean): readonly unknown[] {
  const { role } = core;
  if (role.state === "candidate" && !isSettled) return describeCandidate(core, role);
  if (role.state === "leader") return describeLeader(core, role);
  return ["follower"];
}

function describeCandidate(core: Core, role: Candidate): readonly unknown[] {
  const { durability, rules } = core;
  const times = new Map<string, number>();
  for (const voter of role.granted) times.set(voter, (times.get(voter) ?? 0) + 1);
  const granted = [...times].map(([voter, count]) => `${voter} ${rules.weight(count)}`).sort();
  const isDurable = durability.isDurable(role.generation);
  const { state, pre, ballotTerm, ownCounted, denied } = role;
  return [state, pre, ballotTerm, ownCounted, isDurable, granted, [...denied].sort()];
}

function describeLeader(core: Core, role: Leader): readonly unknown[] {
  const { demoteAfterMs, promoteAfterMs, electionMinMs, electionMaxMs } = core.limits;
  const silenceMax = Math.max(electionMinMs, 2 * electionMaxMs);
  const late = (sinceMs: number, limitMs: number): boolean => core.now - sinceMs >= limitMs;
  const progress = [...role.progress].map(([id, one]) => [
    id,
    one.describe(),
    Math.min(core.now - one.contactMs, silenceMax),
    late(one.contactMs, demoteAfterMs),
    late(one.behindSinceMs, demoteAfterMs),
    late(one.steadySinceMs, promoteAfterMs),
  ]);
  const { state, firstIndex, round, roundIndex, readsInRound, readsWaiting, transfer } = role;
  const reads = [round, roundIndex, readsInRound, readsWaiting];
  const hands = transfer && [transfer.to, transfer.sent];
  return [
    state,
    firstIndex,
    reads,
    hands,
    role.isLeaving,
    [...role.joins],
    [...role.removals],
    progress,
  ];
}
