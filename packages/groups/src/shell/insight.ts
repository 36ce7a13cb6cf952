import type { GroupId, Infer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { decodeCommandFrame } from "../core/command-frame.ts";
import {
  type GroupLogEntry,
  GroupLogSection,
  type GroupMembership,
  GroupSnapshotSection,
  GroupsSection,
  StepDownAction,
} from "../diagnostics.ts";
import type { GroupStatus } from "../groups.ts";
import { groupsMetrics } from "../metrics.ts";
import type { Entry } from "../raft/entry.ts";
import type { MemberId } from "../raft/member.ts";
import type { MachineDefinition } from "../state-machine.ts";
import type { Hash } from "../storage/core/record.ts";
import type { AnyMember, Membership } from "./membership.ts";
import { SnapshotDesk } from "./snapshot-desk.ts";

/** Entries in one answer, and characters of a command. */
const entriesMax = 64;
const commandLengthMax = 512;

/** Tells inspectors of the groups of a node. */
export function describeGroups(
  context: ServiceContext,
  memberships: ReadonlyMap<GroupId, Membership>,
  hash: Hash,
): void {
  const { diagnostics } = context;
  const memberOf = (group: string): AnyMember => {
    const member = memberships.get(group as GroupId)?.present; // a text that is none is not there
    if (member === undefined) throw new RangeError("this node is not in that group");
    return member;
  };
  diagnostics.describe(GroupsSection, () => {
    const all = [...memberships].flatMap(([id, membership]) =>
      membership.present === undefined ? [] : [[id, told(membership, membership.present)] as const],
    );
    return Object.fromEntries(all);
  });
  diagnostics.describe(GroupLogSection, ({ group, from }) => logOf(memberOf(group), from));
  const snapshots = new SnapshotDesk(context, hash);
  diagnostics.describe(GroupSnapshotSection, (query) =>
    snapshots.answer(query, memberOf(query.group)),
  );
  diagnostics.offer(StepDownAction, ({ group, to }) => {
    const member = memberOf(group);
    const heir = to === undefined ? heirOf(member) : heirNamed(member, to);
    if (heir === undefined) throw new Error("there is no voter that could lead");
    member.transfer(heir);
    return { to: heir };
  });
}

/** Notes what happens to a membership, until its status closes. */
export function noteChanges(
  { diagnostics, meter }: ServiceContext,
  group: GroupId,
  { id, status }: AnyMember,
): void {
  let before = status.value;
  const count = groupCounts(meter, group);
  status.subscribe((now) => {
    for (const [name, facts] of changes(before, now)) diagnostics.note(name, { group, ...facts });
    count(before, now, now.leader === id);
    before = now;
  });
}

/** The metrics of a membership. */
function groupCounts(meter: ServiceContext["meter"], group: GroupId) {
  const { elections, leaderChanges, alarms, members, voters, bonds, term, leads, committed, lag } =
    groupsMetrics;
  const stood = meter.counter(elections, group);
  const changed = meter.counter(leaderChanges, group);
  const alarmed = meter.counter(alarms, group);
  const gauges = {
    members: meter.gauge(members, group),
    voters: meter.gauge(voters, group),
    bonds: meter.gauge(bonds, group),
    term: meter.gauge(term, group),
    leads: meter.gauge(leads, group),
    committed: meter.gauge(committed, group),
    lag: meter.gauge(lag, group),
  };
  return (before: GroupStatus, now: GroupStatus, isLeader: boolean): void => {
    if (before.role !== "candidate" && now.role === "candidate") stood.add();
    if (before.leader !== now.leader) changed.add();
    if (before.alarms !== now.alarms) alarmed.add();
    gauges.term.set(now.term);
    gauges.leads.set(isLeader ? 1 : 0);
    gauges.committed.set(now.commit);
    gauges.lag.set(now.lag);
    if (before.members === now.members && before.bonds === now.bonds) return;
    gauges.members.set(now.members.length);
    gauges.voters.set(now.members.filter(({ voting }) => voting).length);
    gauges.bonds.set(now.bonds.length);
  };
}

/** Takes how long commands of a group took, ms. */
export function commandTime(meter: ServiceContext["meter"], group: GroupId): (ms: number) => void {
  const seconds = meter.histogram(groupsMetrics.commandTime, group);
  return (ms) => seconds.observe(ms / 1_000);
}

/** A voter with the data and a bond that could take over. */
export function heirOf({ id, status }: AnyMember): MemberId | undefined {
  const { members, leader } = status.value;
  const isAble = (one: (typeof members)[number]): boolean =>
    one.voting && one.kind === "data" && one.id !== leader && (one.bonded || one.id === id);
  return members.find(isAble)?.id;
}

/**
 * The member that an inspector means: by its id, or by its peer's.
 *
 * @throws `RangeError` where it is none that could lead.
 */
function heirNamed({ status }: AnyMember, name: string): MemberId {
  const named = status.value.members.find(({ id, peer }) => id === name || peer === name);
  if (named === undefined) throw new RangeError("there is no such member");
  if (named.kind === "data" && named.voting) return named.id;
  throw new RangeError("that member cannot lead: it does not vote, or keeps no data");
}

type Change = readonly [name: string, facts: Readonly<Record<string, string | number>>];

function changes(before: GroupStatus, now: GroupStatus): Change[] {
  const found: Change[] = [];
  const { term } = now;
  if (before.leader !== now.leader) {
    const leader = now.leader === undefined ? {} : { leader: now.leader };
    found.push([
      now.leader === undefined ? "group.leader-lost" : "group.leader-changed",
      { term, ...leader },
    ]);
  }
  if (before.role !== now.role) found.push(["group.role-changed", { term, role: now.role }]);
  if (before.state !== now.state) {
    found.push([`group.${now.state}`, now.reason === undefined ? {} : { reason: now.reason }]);
  }
  if (haveOthers(before, now)) {
    const voters = now.members.filter(({ voting }) => voting).length;
    found.push(["group.members-changed", { members: now.members.length, voters }]);
  }
  const alarm = now.alarms.at(-1);
  if (alarm !== undefined && !before.alarms.includes(alarm)) {
    found.push(["group.alarm", { peer: alarm.peer, reason: alarm.reason }]);
  }
  return found;
}

/** Whether other members belong, or vote. */
function haveOthers({ members: before }: GroupStatus, { members: now }: GroupStatus): boolean {
  if (before === now) return false;
  const isSame = ({ id, voting }: GroupStatus["members"][number], at: number): boolean =>
    now[at]?.id === id && now[at].voting === voting;
  return before.length !== now.length || !before.every(isSame);
}

function told({ preference, storage }: Membership, member: AnyMember): GroupMembership {
  const { bonds: _, reason, leader, members, alarms, conflicts, ...status } = member.status.value;
  const { checkpoint } = member.replica;
  return {
    ...status,
    machine: member.definition.name,
    preference,
    me: member.id,
    durable: storage.durable,
    conflicts: [...conflicts],
    alarms: [...alarms],
    members: Object.fromEntries(members.map(toldMember)),
    ...(reason === undefined ? {} : { reason }),
    ...(leader === undefined ? {} : { leader }),
    ...(checkpoint === undefined ? {} : { checkpoint: { ...checkpoint } }),
  };
}

function toldMember({
  id,
  peer,
  kind,
  voting,
  bonded,
  position,
  lag,
}: GroupStatus["members"][number]): readonly [string, GroupMembership["members"][string]] {
  const known = position === undefined || lag === undefined ? {} : { position, lag };
  return [id, { peer, kind, voting, bonded, ...known }];
}

function logOf(member: AnyMember, from: number): Infer<typeof GroupLogSection.value> {
  const entries = member
    .entries(from, entriesMax)
    .map((entry) => toldEntry(entry, member.definition));
  return { entries, lastIndex: member.status.value.lastIndex };
}

function toldEntry(
  { index, term, kind, data }: Entry,
  { command: { codec } }: Pick<MachineDefinition, "command">,
): GroupLogEntry {
  const entry = { index, term, kind, bytes: data.byteLength };
  const frame = kind === "command" ? decodeCommandFrame(data) : undefined;
  if (frame === undefined) return entry;
  const commands = frame.commands.map((bytes) => {
    const decoded = codec.decode(bytes);
    return decoded.ok ? textOf(decoded.value) : `${bytes.byteLength} bytes`;
  });
  return { ...entry, commands };
}

function textOf(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? "undefined").slice(0, commandLengthMax);
  } catch {
    return "not JSON"; // a value may hold what JSON has no form for
  }
}
