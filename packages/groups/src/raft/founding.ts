import type { Core } from "./core.ts";
import { type Entry, noData } from "./entry.ts";
import {
  type Configuration,
  configuration,
  findMember,
  type InstanceId,
  type MemberId,
  type MemberKind,
  noInstance,
} from "./member.ts";
import type { Genesis, GenesisReply, Hello } from "./messages.ts";

interface Stranger {
  readonly kind: MemberKind;
  readonly bound: boolean;
  readonly seenMs: number;
}

/**
 * How a group is born, once. A node without an instance says hello to whoever it is bonded with.
 * Where nobody belongs to a group yet, the node with the lowest id proposes the genesis record: the
 * first entry of the log, naming the founders. The first election waits until every one of them has
 * made it its own.
 *
 * 1. A node holds one genesis record at a time, durably before it agrees.
 * 2. It may change to a later attempt only while nobody can have counted on it: it has never voted
 *    nor accepted an entry (it is not bound).
 * 3. A bound node never founds and never changes its instance (R8).
 */
export class Founding {
  readonly #strangers = new Map<MemberId, Stranger>();
  #deadlineMs: number;
  #agreed = new Set<MemberId>();
  #generation = 0;

  constructor(core: Core) {
    this.#deadlineMs = core.now + patience(core);
  }

  /** When something is to be done at the latest. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Whether every founder has agreed, so that this node, who asked them, may stand. */
  isAgreed(core: Core): boolean {
    const { members } = core.membership.latest;
    return members.length > 0 && members.every((member) => this.#agreed.has(member.id));
  }

  /** Notes who somebody is. */
  met(core: Core, from: MemberId, message: Hello): void {
    const { memberKind: kind, bound } = message;
    if (this.#strangers.size >= core.limits.membersMax && !this.#strangers.has(from)) return;
    this.#strangers.set(from, { kind, bound, seenMs: core.now });
  }

  /** Founds when it is time and nobody else should. */
  tick(core: Core): void {
    this.#askFounders(core);
    if (core.now < this.#deadlineMs) return;
    this.#deadlineMs = core.now + patience(core);
    if (core.kind !== "data" || this.isAgreed(core)) return;
    const others = [...this.#strangers].filter(
      ([id, { seenMs }]) => core.bonds.has(id) && core.now - seenMs < patience(core),
    );
    if (others.some(([, { bound }]) => bound)) return;
    if (others.some(([id, { kind }]) => kind === "data" && id < core.id)) return;
    const ofKind = (wanted: MemberKind): typeof others =>
      others.filter(([, { kind }]) => kind === wanted).sort(byId);
    const able = [...ofKind("data"), ...ofKind("witness").slice(0, 1)]; // also among founders one witness votes at most
    const { founders } = core.limits;
    if (able.length + 1 < founders) return;
    const members = [
      { id: core.id, kind: core.kind, voting: true },
      ...able.slice(0, founders - 1).map(([id, { kind }]) => ({ id, kind, voting: true })),
    ];
    const attempt = core.attempt + 1;
    const instance = `${core.freshInstance}.${attempt}` as InstanceId; // drawn here, at founding
    adoptGenesis(core, instance, attempt, configuration(members));
    this.#agreed = new Set();
    this.#generation = core.durability.generation;
    this.durable(core);
    this.#askFounders(core);
  }

  /** Counts this node's own agreement, once it is durable. */
  durable(core: Core): void {
    if (this.#generation === 0 || !core.durability.isDurable(this.#generation)) return;
    this.#agreed.add(core.id);
    this.#proceed(core);
  }

  /** Makes another's genesis record this node's own, where it comes later than the present one. */
  proposed(core: Core, from: MemberId, message: Genesis): void {
    const { instance, attempt, founders } = message;
    const record = configuration(founders);
    if (findMember(record, core.id) === undefined || findMember(record, from) === undefined) {
      return core.refuseMessage(from, "a genesis record names who sends and who receives it");
    }
    const isLater =
      attempt > core.attempt || (attempt === core.attempt && instance > core.instance);
    if (instance !== core.instance && !isLater) return;
    if (instance !== core.instance) {
      adoptGenesis(core, instance, attempt, record);
      this.#generation = 0;
      this.#agreed = new Set();
      this.#deadlineMs = core.now + patience(core);
    }
    const reply: GenesisReply = { kind: "genesis-reply", instance, term: core.term };
    core.sendAfter(core.durability.generation, from, reply);
  }

  /** Counts a founder's agreement. */
  agreed(core: Core, from: MemberId): void {
    if (this.#generation === 0 || !core.membership.find(from)) return;
    this.#agreed.add(from);
    this.#proceed(core);
  }

  #proceed(core: Core): void {
    if (this.isAgreed(core)) core.electionDeadlineMs = core.now;
  }

  #askFounders(core: Core): void {
    if (this.#generation === 0) return;
    const { members } = core.membership.latest;
    for (const { id } of members) {
      if (this.#agreed.has(id) || id === core.id) continue;
      core.sendAfter(this.#generation, id, {
        kind: "genesis",
        instance: core.instance,
        term: core.term,
        attempt: core.attempt,
        founders: members,
      });
    }
  }
}

function patience(core: Core): number {
  const { bootstrapDelayMs, reluctance } = core.limits;
  return bootstrapDelayMs * reluctance * (1 + core.random.next() / 4);
}

function byId(a: readonly [MemberId, Stranger], b: readonly [MemberId, Stranger]): number {
  return a[0] < b[0] ? -1 : 1;
}

function adoptGenesis(
  core: Core,
  instance: InstanceId,
  attempt: number,
  record: Configuration,
): void {
  joinInstance(core, instance);
  core.attempt = attempt;
  const genesis: Entry = {
    index: 1,
    term: 0,
    kind: "configuration",
    data: noData,
    configuration: record,
  };
  core.append(genesis);
  core.durability.appended();
  core.commit = 1;
}

/** Begins with an empty log in an instance; only for a node that is not bound. */
export function joinInstance(core: Core, instance: InstanceId): void {
  const hadEntries = core.log.lastIndex > 0;
  core.log.reset(0, 0);
  core.membership.reset(0, { members: [] });
  core.commit = 0;
  core.handed = 0;
  if (hadEntries) core.durability.truncated(1);
  core.instance = instance;
  core.attempt = 0;
  core.durability.hardChanged();
}

/** Says hello to everybody in sight, as one who is not (or may no longer be) a member. */
export function sayHello(core: Core): void {
  core.helloDeadlineMs = core.now + core.limits.heartbeatMs;
  for (const to of core.bonds.keys()) core.send(to, hello(core, false));
}

/** Says hello to somebody who is not a member: in one group at most one of the two may be new. */
export function introduce(core: Core, to: MemberId): void {
  core.send(to, hello(core, false));
}

function hello(core: Core, answer: boolean): Hello {
  const { instance, term, kind: memberKind, isBound: bound } = core;
  return { kind: "hello", instance, term, memberKind, bound, answer };
}

/** Lets a newcomer in (a leader), and tells it that the group exists. */
export function onHello(core: Core, from: MemberId, message: Hello): void {
  const { role } = core;
  const mine = message.instance === core.instance || !message.bound;
  if (!core.isBound) core.founding?.met(core, from, message);
  if (!message.answer && (core.isBound || !message.bound)) core.send(from, hello(core, true));
  if (core.isBound && message.bound && message.instance !== core.instance) {
    core.events.push({ kind: "instance-conflict", from, instance: message.instance });
  }
  const isRoom = role.state === "leader" && role.joins.size < core.limits.membersMax;
  if (role.state === "leader" && isRoom && mine && !message.answer && !core.membership.find(from)) {
    role.joins.set(from, message.memberKind);
  }
}

/** Whether a node in one instance may turn to another: it belongs to none that counts. */
export function mayJoin(core: Core): boolean {
  return core.instance === noInstance || !core.isBound;
}
