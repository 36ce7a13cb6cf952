import type { Core } from "./core.ts";
import { becomeLeader } from "./leader.ts";
import type { MemberId } from "./member.ts";
import type { VoteReply, VoteRequest } from "./messages.ts";
import { hasMajority } from "./quorum.ts";
import type { Candidate } from "./role.ts";

/*
 * Elections: Raft §5.2 and §5.4.1, with pre-vote and stickiness (Raft thesis §9.6, §4.2.3).
 *
 * 1. A vote is durable before it is said, the own one before it is counted (R4).
 * 2. Terms grow only with a majority that would elect, or at a leader's own request (R11).
 * 3. Who is asked votes, whatever its own log says about who belongs (thesis §4.2): a member that is
 *    behind may be a voter by an entry that it does not have yet, and a group in which only the others
 *    knew it to be one could not elect. It is the candidate who counts, by its own configuration, and
 *    there learners and observers are not counted. An observer does not vote either way (R3): no
 *    configuration with a voting one is taken on.
 */

/** The election timeout passed: stands, where this node may, asking first. */
export function onElectionTimeout(core: Core): void {
  core.resetElectionTimer();
  core.setLeader(undefined);
  if (!core.mayStand || !core.isElectable) return;
  if (core.rules.asksFirst()) askFirst(core);
  else campaign(core, false);
}

/** Asks whether this node would be elected; changes no term. */
function askFirst(core: Core): void {
  stand(core, { pre: true, forced: false, ballotTerm: core.term + 1 });
}

/** Stands in the next term. */
export function campaign(core: Core, forced: boolean): void {
  core.follow(core.term + 1, undefined);
  core.setLeader(undefined);
  core.resetElectionTimer();
  core.vote = core.id;
  core.durability.hardChanged();
  stand(core, { pre: false, forced, ballotTerm: core.term });
}

function stand(
  core: Core,
  ballot: { readonly pre: boolean; readonly forced: boolean; readonly ballotTerm: number },
): void {
  const generation = ballot.pre ? 0 : core.durability.hardGeneration;
  const candidate: Candidate = {
    state: "candidate",
    ...ballot,
    generation,
    ownCounted: false,
    granted: [],
    denied: new Set(),
  };
  core.setRole(candidate);
  const { instance, log } = core;
  const asked = new Set(core.electors.flat());
  asked.delete(core.id);
  for (const voter of asked) {
    core.sendAfter(generation, voter, {
      kind: "vote-request",
      instance,
      term: ballot.ballotTerm,
      pre: ballot.pre,
      forced: ballot.forced,
      lastIndex: log.lastIndex,
      lastTerm: log.lastTerm,
    });
  }
  countOwnVote(core);
}

/** Counts the own vote, once it is durable. */
export function countOwnVote(core: Core): void {
  const { role } = core;
  if (role.state !== "candidate" || role.ownCounted) return;
  if (!core.durability.isDurable(role.generation)) return;
  role.ownCounted = true;
  role.granted.push(core.id);
  tally(core, role);
}

/** Answers whoever stands. */
export function onVoteRequest(core: Core, from: MemberId, message: VoteRequest): void {
  const { rules } = core;
  const fresh = !message.forced && rules.isSticky() && core.hasFreshLeader;
  if (core.kind === "observer" || fresh || message.term < core.term) {
    return answer(core, from, message, false);
  }
  const upToDate =
    rules.isUpToDate(message.lastTerm, message.lastIndex, core.log) ||
    hasAllThatCounts(core, from, message);
  if (message.pre) return answer(core, from, message, upToDate && message.term > core.term);
  if (message.term > core.term) core.follow(message.term, undefined);
  const granted = upToDate && rules.freeToVote(core.vote, from);
  if (granted) core.follow(core.term, undefined);
  if (granted && core.vote !== from) {
    core.vote = from;
    core.durability.hardChanged();
  }
  if (granted && rules.waitsAfterGrant()) core.resetElectionTimer();
  answer(core, from, message, granted);
}

/**
 * What only a witness has is not decided where one voter alone keeps data: nothing is without that
 * voter, from the configuration on that says so, and what comes before that is in the same log. Else
 * what a removed member left at a witness would keep the last voter with data from being elected.
 */
function hasAllThatCounts(core: Core, from: MemberId, message: VoteRequest): boolean {
  if (core.kind !== "witness") return false;
  const { latest, latestIndex } = core.membership;
  const keepers = latest.members.filter(({ kind, voting }) => voting && kind === "data");
  if (keepers.length !== 1 || keepers[0]?.id !== from) return false;
  const { lastIndex, lastTerm } = message;
  return lastIndex >= latestIndex && core.log.termAt(lastIndex) === lastTerm;
}

function answer(core: Core, to: MemberId, request: VoteRequest, granted: boolean): void {
  const reply: VoteReply = {
    kind: "vote-reply",
    instance: core.instance,
    term: core.term,
    pre: request.pre,
    granted,
    ballot: request.term,
  };
  if (request.pre) core.send(to, reply);
  else core.sendAfter(core.durability.hardGeneration, to, reply);
}

/** Counts an answer. */
export function onVoteReply(core: Core, from: MemberId, message: VoteReply): void {
  const { role, rules } = core;
  if (!message.granted && message.term > core.term) return core.follow(message.term, undefined);
  if (role.state !== "candidate") return;
  if (!core.electors.some((voters) => voters.includes(from))) return;
  if (!rules.isOfBallot(message, role.ballotTerm, role.pre)) return;
  if (message.granted) role.granted.push(from);
  else role.denied.add(from);
  tally(core, role);
}

function tally(core: Core, candidate: Candidate): void {
  if (isElected(core, candidate)) {
    if (candidate.pre) campaign(core, false);
    else becomeLeader(core);
    return;
  }
  const mayStillWin = hasMajority(core.electors, (voter) => !candidate.denied.has(voter));
  if (!mayStillWin) core.follow(core.term, undefined);
}

function isElected(core: Core, { granted }: Candidate): boolean {
  const { rules } = core;
  return core.electors.some((voters) => {
    let count = 0;
    for (const voter of voters) {
      count += rules.weight(granted.filter((id) => id === voter).length);
    }
    return count * 2 > voters.length;
  });
}
