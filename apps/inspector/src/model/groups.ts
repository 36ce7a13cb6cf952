import { type GroupMembership, GroupsSection } from "@mosaik/groups";
import { collectionsOf } from "./collections.ts";
import { type Snapshot, sectionOf } from "./snapshot.ts";

/** A member of a group, as it says itself where we may look, and as the others say. */
export interface Member {
  /** The member's id, and its peer. */
  readonly id: string;
  readonly peer: string;
  readonly kind: string;
  readonly voting: boolean;
  /** What it says of itself. */
  readonly own: GroupMembership | undefined;
  /** Positions that it trails the leader by, as the leader says. */
  readonly lag: number | undefined;
  /** Whether those that see it are bonded with it. */
  readonly bonded: boolean;
}

/** A group of the network. */
export interface Group {
  readonly id: string;
  /** What it agrees on: its machine's name, or those of the collections that it holds. */
  readonly name: string;
  /** The newest term that anybody is in. */
  readonly term: number;
  /** Who leads it in that term. */
  readonly leader: { readonly id: string; readonly peer: string } | undefined;
  readonly members: readonly Member[];
  /** Voters, and those of them that say that the group is online. */
  readonly voters: number;
  readonly online: number;
  readonly commit: number;
  /** Where states `differ` at one position one of the members went wrong. */
  readonly states: "agree" | "differ" | "not compared";
}

/** The groups of the network, as those that let us look say. */
export function groupsOf(snapshot: Snapshot): Group[] {
  const reports = new Map<string, Map<string, GroupMembership>>();
  for (const peer of snapshot.peers.values()) {
    for (const [id, membership] of Object.entries(sectionOf(peer, GroupsSection) ?? {})) {
      const group = reports.get(id) ?? new Map<string, GroupMembership>();
      reports.set(id, group.set(peer.id, membership));
    }
  }
  const stored = new Map<string, string[]>();
  for (const { group, name } of collectionsOf(snapshot)) {
    stored.set(group, [...(stored.get(group) ?? []), name]);
  }
  const groups = [...reports].map(([id, group]) => groupOf(id, group, stored.get(id) ?? []));
  return groups.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}

function groupOf(
  id: string,
  reports: ReadonlyMap<string, GroupMembership>,
  stored: readonly string[],
): Group {
  const all = [...reports.values()];
  const newest = all.reduce<GroupMembership | undefined>(
    (best, report) =>
      best === undefined ||
      report.term > best.term ||
      (report.term === best.term && best.leader === undefined)
        ? report
        : best,
    undefined,
  );
  const leading = all.find(({ role, term }) => role === "leader" && term === newest?.term);
  const members = membersOf(reports, leading ?? newest);
  const leaderId = leading?.me ?? newest?.leader;
  const leader = members.find((member) => member.id === leaderId);
  const voters = members.filter(({ voting }) => voting);
  return {
    id,
    name: stored.length > 0 ? `store ${stored.join(", ")}` : (newest?.machine ?? ""),
    term: newest?.term ?? 0,
    leader: leader && { id: leader.id, peer: leader.peer },
    members,
    voters: voters.length,
    online: voters.filter(({ own }) => own?.online).length,
    commit: Math.max(0, ...all.map(({ commit }) => commit)),
    states: statesAmong(all),
  };
}

function membersOf(
  reports: ReadonlyMap<string, GroupMembership>,
  best: GroupMembership | undefined,
): Member[] {
  const members = new Map<string, Member>();
  for (const report of [...reports.values(), ...(best ? [best] : [])]) {
    for (const [id, { peer, kind, voting, bonded, lag }] of Object.entries(report.members)) {
      const own = [...reports].find(([reporter, { me }]) => reporter === peer && me === id)?.[1];
      if (own === undefined && report !== best) continue; // only the newest view counts strangers
      const known = members.get(id)?.bonded ?? false;
      members.set(id, {
        id,
        peer,
        kind,
        voting,
        own,
        lag: report === best ? lag : members.get(id)?.lag,
        bonded: bonded || known || id === report.me,
      });
    }
  }
  return [...members.values()].sort(
    (a, b) => Number(b.voting) - Number(a.voting) || (a.peer < b.peer ? -1 : 1),
  );
}

/** Whether two members have different states at one position, where any has told its own. */
function statesAmong(reports: readonly GroupMembership[]): Group["states"] {
  const hashes = new Map<string, string>();
  for (const { checkpoint, instance } of reports) {
    if (checkpoint === undefined) continue;
    const place = `${instance} ${checkpoint.position}`;
    const known = hashes.get(place);
    if (known !== undefined && known !== checkpoint.hash) return "differ";
    hashes.set(place, checkpoint.hash);
  }
  return hashes.size > 0 ? "agree" : "not compared";
}
