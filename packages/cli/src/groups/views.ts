import { type GroupMembership, GroupsSection } from "@mosaik/groups";
import type { PeerId } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import type { InspectOptions } from "../settings/common-options.ts";

/** A group, as its members tell it that let us look. */
export interface GroupView {
  readonly id: string;
  readonly machine: string;
  /** What each says, by its peer id. */
  readonly views: ReadonlyMap<PeerId, GroupMembership>;
  /** The view of the leader of the latest term, else of whoever has got furthest. */
  readonly best: { readonly peer: PeerId; readonly view: GroupMembership };
}

/** How a group is. */
export type Health = "healthy" | "degraded" | "no leader";

/** All groups that a node tells of, in the order of their machines' names. */
export async function groupViews(
  host: Host,
  options: InspectOptions,
  { node, deadline }: Joined<Observer>,
): Promise<GroupView[]> {
  const peers = node.discovery.catalog.value.peers.keys();
  const init = { key: await readKeyOf(host, options), signal: deadline };
  const looks = await lookInto(node, peers, init, async (inspection) =>
    inspection.sections.has(GroupsSection.name) ? inspection.read(GroupsSection, init) : {},
  );
  const views = new Map<string, Map<PeerId, GroupMembership>>();
  for (const [peer, look] of looks) {
    for (const [id, view] of Object.entries(look.ok ? look.value : {})) {
      views.set(id, (views.get(id) ?? new Map()).set(peer, view));
    }
  }
  return [...views]
    .map(([id, told]) => viewOf(id, told))
    .sort((a, b) => (a.machine + a.id < b.machine + b.id ? -1 : 1));
}

/** A group as its members tell it: at least one. */
export function viewOf(id: string, views: ReadonlyMap<PeerId, GroupMembership>): GroupView {
  const ranked = [...views].sort(([, a], [, b]) => rank(b) - rank(a) || b.term - a.term);
  const [first] = ranked;
  if (first === undefined) throw new RangeError("a group has a member that tells of it");
  const [peer, view] = first;
  return { id, machine: view.machine, views, best: { peer, view } };
}

function rank(view: GroupMembership): number {
  return (view.role === "leader" ? 1e15 : 0) + view.term * 1e6 + (view.online ? 1 : 0);
}

/** How a group is: healthy where all its members are voting or following, bonded and without lag. */
export function healthOf({ best: { view }, views }: GroupView): Health {
  const leads = [...views.values()].some(
    ({ role, term }) => role === "leader" && term === view.term,
  );
  if (!leads && !view.online) return "no leader";
  const members = Object.values(view.members);
  const isWhole = members.every(({ bonded }) => bonded) && view.conflicts.length === 0;
  const isSound = [...views.values()].every(({ state, alarms }) => {
    return state === "running" && alarms.length === 0;
  });
  return isWhole && isSound ? "healthy" : "degraded";
}

/** The peer that leads, as the group's best view says. */
export function leaderOf({ best: { view } }: GroupView): PeerId | undefined {
  const leader = view.leader === undefined ? undefined : view.members[view.leader];
  return leader?.peer as PeerId | undefined; // the section says that it is one
}

/**
 * The group of an id, the first digits of one, or the name of a machine.
 *
 * @throws CliError with `CLI_NOT_FOUND` or `CLI_AMBIGUOUS`.
 */
export function groupOf(groups: readonly GroupView[], wanted: string): GroupView {
  const digits = wanted.replace(/…$/, "");
  const found = groups.filter(({ id, machine }) => machine === wanted || id.startsWith(digits));
  const [first, second] = found;
  if (first === undefined || digits === "") {
    const message = `no node that lets us look is in a group '${wanted}'`;
    throw new CliError("CLI_NOT_FOUND", message, { hint: "mosaik groups ls" });
  }
  if (second === undefined) return first;
  throw new CliError("CLI_AMBIGUOUS", `${found.length} groups go by '${wanted}'`);
}
