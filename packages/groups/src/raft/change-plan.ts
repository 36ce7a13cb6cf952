import type { Core } from "./core.ts";
import { hears } from "./deciding.ts";
import { type Configuration, type Member, peerOf, withMember, withoutMember } from "./member.ts";
import { haveSameVoters, isLegalChange, votersOf } from "./membership.ts";
import type { Progress } from "./progress.ts";
import { isMajority } from "./quorum.ts";
import type { Leader } from "./role.ts";

/*
 * Which change of the membership a leader makes next, if any (R1, R2). In order: a member that a
 * newer incarnation of its node replaces goes; whoever asked to leave goes; a silent voter becomes a
 * learner; a newcomer becomes a learner; a learner that has all that is committed becomes a voter, a
 * witness only where no other one votes: what two of them have and nobody else could not be told from
 * what is decided (R12).
 * And when a change is taken back: where the new voters do not decide on it.
 */

/** The next configuration, or none where nothing needs to change or may. */
export function planChange(core: Core, leader: Leader): Configuration | undefined {
  const current = core.membership.latest;
  const { mayChange } = core.rules;
  if (!mayChange(core.commit, core.membership.latestIndex, leader.firstIndex)) return undefined;
  for (const id of leader.removals) if (!core.membership.find(id)) leader.removals.delete(id);
  const plans = [superseded, leaving, demoted, joining, promoted];
  for (const plan of plans) {
    for (const next of plan(core, leader, current)) {
      const legal = isLegalChange(current, next, core.limits.minVoters);
      if (legal && canDecide(core, leader, next)) return confirmedFirst(core, next);
    }
  }
  return undefined;
}

/** The same voters once more, where those of the next configuration differ and the log may not say so yet. */
function confirmedFirst(core: Core, next: Configuration): Configuration {
  const { latest, isConfirmed } = core.membership;
  const may = isConfirmed || haveSameVoters(latest, next) || !core.rules.confirmsChanges();
  return may ? next : latest;
}

/** What to go back to from a change that is not decided, where the new voters are silent. */
export function planReturn(core: Core, leader: Leader): Configuration | undefined {
  const { membership } = core;
  const [latest, old] = core.deciders;
  if (!latest || !old || !core.rules.returns()) return undefined;
  if (hears(core, leader, latest) || !hears(core, leader, old)) return undefined;
  return membership.previous(core.commit);
}

/** Whether a majority of a configuration's voters answers at present: else it would decide nothing. */
function canDecide(core: Core, leader: Leader, next: Configuration): boolean {
  return isMajority(votersOf(next), (id) => {
    const progress = leader.progress.get(id);
    if (id === core.id || !progress?.answered) return id === core.id;
    return core.now - progress.contactMs < core.limits.electionMinMs;
  });
}

type Plan = (core: Core, leader: Leader, current: Configuration) => Iterable<Configuration>;

const superseded: Plan = function* (core, leader, current) {
  const contact = (member: Member): number =>
    member.id === core.id ? core.now : (leader.progress.get(member.id)?.contactMs ?? 0);
  for (const old of current.members) {
    const isNewer = (other: Member): boolean =>
      other.id !== old.id &&
      peerOf(other.id) === peerOf(old.id) &&
      contact(other) > contact(old) &&
      (other.voting || !old.voting);
    if (old.id !== core.id && current.members.some(isNewer)) yield withoutMember(current, old.id);
  }
};

const leaving: Plan = function* (core, leader, current) {
  for (const id of leader.removals) if (id !== core.id) yield withoutMember(current, id);
};

const demoted: Plan = function* (core, leader, current) {
  for (const member of current.members) {
    const progress = leader.progress.get(member.id);
    if (!progress || !member.voting) continue;
    if (isSilent(core, progress)) yield withMember(current, { ...member, voting: false });
  }
};

const joining: Plan = function* (core, leader, current) {
  for (const [id, kind] of leader.joins) {
    leader.joins.delete(id);
    if (current.members.length >= core.limits.membersMax) continue;
    yield withMember(current, { id, kind, voting: false });
  }
};

const promoted: Plan = function* (core, leader, current) {
  const voters = current.members.filter((member) => member.voting);
  if (voters.length >= core.limits.votersMax) return;
  const hasWitness = voters.some(({ kind }) => kind === "witness");
  for (const member of current.members) {
    const progress = leader.progress.get(member.id);
    if (!progress || member.voting || member.kind === "observer") continue;
    if (member.kind === "witness" && hasWitness) continue;
    if (isReady(core, progress)) yield withMember(current, { ...member, voting: true });
  }
};

/** Silent, or answering without getting anywhere. */
function isSilent(core: Core, progress: Progress): boolean {
  const { demoteAfterMs } = core.limits;
  if (progress.match >= core.commit || progress.match > progress.matchSeen) {
    progress.matchSeen = progress.match;
    progress.behindSinceMs = core.now;
  }
  const stuck = core.now - progress.behindSinceMs >= demoteAfterMs;
  return stuck || core.now - progress.contactMs >= demoteAfterMs;
}

function isReady(core: Core, progress: Progress): boolean {
  const { electionMinMs, promoteAfterMs } = core.limits;
  return (
    progress.match >= core.commit &&
    core.now - progress.contactMs < electionMinMs &&
    core.now - progress.steadySinceMs >= promoteAfterMs
  );
}
