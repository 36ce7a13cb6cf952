import { type GroupMembership, GroupsSection } from "@mosaik/groups";
import type { PeerId } from "@mosaik/primitives";
import { StoresSection } from "@mosaik/store";
import type { Inspection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import type { WholeSide } from "../network/sides.ts";
import type { InspectOptions } from "../settings/common-options.ts";

/** A group, as its members tell it that let us look. */
export interface GroupView {
  readonly id: string;
  readonly machine: string;
  /** What it agrees on: its machine's name, or those of the collections that it holds. */
  readonly name: string;
  /** What each says, by its peer id. */
  readonly views: ReadonlyMap<PeerId, GroupMembership>;
  /** The view of the leader of the latest term, else of whoever has got furthest. */
  readonly best: { readonly peer: PeerId; readonly view: GroupMembership };
}

/** How a group is. */
export type Health = "healthy" | "degraded" | "no leader";

/** What a node says of its groups. */
export type GroupSide = Pick<WholeSide, "peer" | "groups" | "stores">;

/** All groups that a node tells of, in the order of their names. */
export async function groupViews(
  host: Host,
  options: InspectOptions,
  { node, deadline }: Joined<Observer>,
): Promise<GroupView[]> {
  const peers = node.discovery.catalog.value.peers.keys();
  const init = { key: await readKeyOf(host, options), signal: deadline };
  const looks = await lookInto(node, peers, init, (inspection) => readGroups(inspection, init));
  return viewsOf([...looks].flatMap(([peer, look]) => (look.ok ? [{ peer, ...look.value }] : [])));
}

async function readGroups(
  inspection: Inspection,
  init: { readonly signal: AbortSignal },
): Promise<Omit<GroupSide, "peer">> {
  const { sections } = inspection;
  if (!sections.has(GroupsSection.name)) return {};
  const groups = await inspection.read(GroupsSection, init);
  if (!sections.has(StoresSection.name)) return { groups };
  return { groups, stores: await inspection.read(StoresSection, init) };
}

/** The groups that nodes tell of, in the order of their names. */
export function viewsOf(sides: readonly GroupSide[]): GroupView[] {
  const views = new Map<string, Map<PeerId, GroupMembership>>();
  const stored = new Map<string, Set<string>>();
  for (const { peer, groups = {}, stores = {} } of sides) {
    for (const [id, view] of Object.entries(groups)) {
      views.set(id, (views.get(id) ?? new Map()).set(peer, view));
    }
    for (const { group, name } of Object.values(stores)) {
      stored.set(group, (stored.get(group) ?? new Set()).add(name));
    }
  }
  return [...views]
    .map(([id, told]) => viewOf(id, told, [...(stored.get(id) ?? [])].sort()))
    .sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1));
}

/** A group as its members tell it, at least one, and the collections that it holds. */
function viewOf(
  id: string,
  views: ReadonlyMap<PeerId, GroupMembership>,
  stored: readonly string[],
): GroupView {
  const ranked = [...views].sort(([, a], [, b]) => rank(b) - rank(a) || b.term - a.term);
  const [first] = ranked;
  if (first === undefined) throw new RangeError("a group has a member that tells of it");
  const [peer, view] = first;
  const { machine } = view;
  const name = stored.length > 0 ? `store ${stored.join(", ")}` : machine;
  return { id, machine, name, views, best: { peer, view } };
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
 * The group of an id, the first digits of one, its name, or that of its machine.
 *
 * @throws CliError with `CLI_NOT_FOUND` or `CLI_AMBIGUOUS`.
 */
export function groupOf(groups: readonly GroupView[], wanted: string): GroupView {
  const digits = wanted.replace(/…$/, "");
  const found = groups.filter(
    ({ id, name, machine }) => name === wanted || machine === wanted || id.startsWith(digits),
  );
  const [first, second] = found;
  if (first === undefined || digits === "") {
    const message = `no node that lets us look is in a group '${wanted}'`;
    throw new CliError("CLI_NOT_FOUND", message, { hint: "mosaik groups ls" });
  }
  if (second === undefined) return first;
  throw new CliError("CLI_AMBIGUOUS", `${found.length} groups go by '${wanted}'`);
}
