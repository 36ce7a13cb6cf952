import type { Core } from "./core.ts";
import type { MemberId } from "./member.ts";
import type { Progress } from "./progress.ts";
import { isMajority, reachedBy } from "./quorum.ts";
import type { Leader } from "./role.ts";

/*
 * How far the log is decided: what a leader may commit (R2, R5, R12).
 *
 * 1. A majority of the voters has it, durably. While a change is undecided: of the old and of the new
 *    ones. Where one of the two is not heard from, the other decides the change or the return, and
 *    with it what comes before: nothing is left decided in between.
 * 2. A witness has positions only. So of those who have it as many keep the data as there are voters
 *    with data that keep up, but no more than a majority: witnesses stand in for who is missing, never
 *    for who is late. With two voters that keep data and a witness, what is acknowledged is on both
 *    disks, or on one while the other is away.
 */

/** The last position that is decided. */
export function decidedIndex(core: Core, leader: Leader): number {
  const [latest = [], old] = core.deciders;
  const held = heldBy(core, leader, latest);
  if (old && hears(core, leader, old)) return Math.min(held, heldBy(core, leader, old));
  if (old) return held < core.membership.latestIndex ? core.commit : held;
  const undone = core.membership.undone(core.commit);
  const isGap = undone !== undefined && held >= undone && held < core.membership.latestIndex;
  return isGap ? undone - 1 : held;
}

function heldBy(core: Core, leader: Leader, voters: readonly MemberId[]): number {
  const own = core.durability.durableIndex;
  const matchOf = (id: MemberId): number =>
    id === core.id ? own : (leader.progress.get(id)?.match ?? 0);
  const held = reachedBy(voters, matchOf);
  const { witnesses } = core.membership;
  if (witnesses.size === 0 || core.rules.countsWitnessAsCopy()) return held;
  const keepers = voters.filter((id) => !witnesses.has(id));
  if (keepers.length === voters.length) return held;
  const able = keepers.filter((id) => id === core.id || keepsUp(core, leader.progress.get(id)));
  const copies = Math.min(able.length, (voters.length >> 1) + 1);
  const matches = keepers.map(matchOf).sort((a, b) => b - a);
  return Math.min(held, matches[copies - 1] ?? 0);
}

function keepsUp(core: Core, progress: Progress | undefined): boolean {
  return progress !== undefined && core.now - progress.confirmedMs < core.limits.electionMinMs;
}

/** Whether a majority has been heard from within two election timeouts, or in this leadership's first. */
export function hears(core: Core, leader: Leader, voters: readonly MemberId[]): boolean {
  return isMajority(voters, (id) => {
    const contactMs = id === core.id ? core.now : (leader.progress.get(id)?.contactMs ?? 0);
    return core.now - contactMs < 2 * core.limits.electionMaxMs;
  });
}
