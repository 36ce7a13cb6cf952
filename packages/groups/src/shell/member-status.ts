import { type Clock, type PeerId, WatchSource } from "@mosaik/primitives";
import type { Bonds } from "../bonds/bonds.ts";
import { alarmsMax, conflictsMax } from "../config.ts";
import type { GroupAlarm, GroupMember, GroupStatus } from "../groups.ts";
import { type MemberId, peerOf } from "../raft/member.ts";
import type { RaftStatus } from "../raft/status.ts";

/** The status before anything is known. */
const blankStatus: GroupStatus = {
  state: "running",
  reason: undefined,
  role: "follower",
  term: 0,
  leader: undefined,
  instance: "",
  conflicts: [],
  members: [],
  lastIndex: 0,
  commit: 0,
  applied: 0,
  lag: 0,
  bonds: [],
  online: false,
  alarms: [],
};

/** What a status is made of. */
interface Facts {
  readonly me: MemberId;
  readonly raft: RaftStatus;
  readonly applied: number;
  /** Peers with a bond, in order, and with whom each of them says it has bonds. */
  readonly bonds: readonly PeerId[];
  readonly toldBy: (peer: PeerId) => readonly PeerId[];
  readonly conflicts: readonly string[];
  readonly alarms: readonly GroupAlarm[];
  readonly standings: ReadonlyMap<MemberId, Standing>;
}

/** How far a member was when the leader looked last. */
type Standing = Pick<GroupMember, "position" | "lag">;

const unknownStanding: Standing = { position: undefined, lag: undefined };

/** What a member is at the moment; `before` itself where nothing changed. */
function statusOf(facts: Facts, before: GroupStatus): GroupStatus {
  const { me, raft, applied, conflicts, alarms } = facts;
  const peers = same(facts.bonds, before.bonds);
  const members = membersOf({ ...facts, bonds: peers }, before);
  const { role, term, leader, instance, lastIndex, commit } = raft;
  const next: GroupStatus = {
    state: "running",
    reason: undefined,
    role,
    term,
    leader,
    instance,
    conflicts: same(conflicts, before.conflicts),
    members,
    lastIndex,
    commit,
    applied,
    lag: lagOf(raft, applied),
    bonds: peers,
    online: leader !== undefined && members.some(({ id }) => id === me),
    alarms: same(alarms, before.alarms),
  };
  return isSame(next, before) ? before : next;
}

/** The same status, further on; itself where it is not. */
function moved(before: GroupStatus, raft: RaftStatus, applied: number): GroupStatus {
  const { lastIndex, commit } = raft;
  const lag = lagOf(raft, applied);
  const isSame =
    before.lastIndex === lastIndex &&
    before.commit === commit &&
    before.applied === applied &&
    before.lag === lag;
  return isSame ? before : { ...before, lastIndex, commit, applied, lag };
}

/** How much of what is committed is not applied here. */
function lagOf({ role, commit, toldCommit }: RaftStatus, applied: number): number {
  return Math.max(0, Math.max(commit, role === "leader" ? 0 : toldCommit) - applied);
}

function membersOf(
  { me, raft, bonds, toldBy, standings }: Facts,
  before: GroupStatus,
): readonly GroupMember[] {
  const bonded = new Set<string>(bonds);
  const members = raft.configuration.members.map(({ id, kind, voting }, at) => {
    const peer = peerOf(id) as PeerId; // a member id begins with its peer's
    const { position, lag } = standings.get(id) ?? unknownStanding;
    const isMe = id === me;
    const known = { bonded: isMe || bonded.has(peer), bonds: isMe ? bonds : toldBy(peer) };
    const member: GroupMember = { id, peer, kind, voting, ...known, position, lag };
    const old = before.members[at];
    return old !== undefined && isSame(old, member) ? old : member;
  });
  return same(members, before.members);
}

function isSame<Value extends object>(one: Value, other: Value): boolean {
  const keys = Object.keys(one) as (keyof Value)[]; // both are of the same shape
  return keys.every((key) => one[key] === other[key]);
}

function same<Item>(now: readonly Item[], before: readonly Item[]): readonly Item[] {
  const isEqual = now.length === before.length && now.every((item, at) => item === before[at]);
  return isEqual ? before : now;
}

/** What a board is made with. */
export interface StatusBoardInit {
  readonly me: MemberId;
  readonly clock: Clock;
  /** Positions of members are shown anew after so long, ms: not with every message. */
  readonly everyMs: number;
  /** Up to where a member's log agrees with this leader's. */
  readonly positionOf: (member: MemberId) => number | undefined;
}

/** Keeps the status that handles show, as one value. */
export class StatusBoard {
  readonly watch: WatchSource<GroupStatus> = new WatchSource(blankStatus);
  readonly #init: StatusBoardInit;
  readonly #conflicts = new Set<string>();
  #alarms: readonly GroupAlarm[] = [];
  #standings = new Map<MemberId, Standing>();
  #standingsAtMs = Number.NEGATIVE_INFINITY;
  /** What the status was made of, but for what moves with every command. */
  #shown: readonly unknown[] = [];

  constructor(init: StatusBoardInit) {
    this.#init = init;
  }

  /** The peers of all members, as the log says. */
  get peers(): PeerId[] {
    return this.watch.value.members.map(({ peer }) => peer);
  }

  /** Another founding of the group was met. */
  conflict(instance: string): void {
    if (this.#conflicts.size < conflictsMax) this.#conflicts.add(instance);
  }

  /** A peer broke the rules, or this one could not do what it must. */
  alarm(peer: PeerId, reason: string): void {
    const isIt = (alarm: GroupAlarm): boolean => alarm.peer === peer && alarm.reason === reason;
    const count = (this.#alarms.find(isIt)?.count ?? 0) + 1;
    const others = this.#alarms.filter((alarm) => !isIt(alarm));
    this.#showAlarms([...others, { peer, reason, count }].slice(-alarmsMax));
  }

  /** There is no reason for an alarm any more. */
  calm(reason: string): void {
    const others = this.#alarms.filter((alarm) => alarm.reason !== reason);
    if (others.length < this.#alarms.length) this.#showAlarms(others);
  }

  /** Shows what the member is now. With most commands nothing but positions has changed. */
  show(raft: RaftStatus, applied: number, bonds: Bonds): void {
    const { value } = this.watch;
    if (value.state !== "running") return;
    this.#takeStandings(raft);
    const { role, term, leader, instance, configuration } = raft;
    const rest = [bonds.revision, this.#standings, this.#alarms, this.#conflicts.size];
    const shown = [role, term, leader, instance, configuration, ...rest];
    const isSame = shown.every((one, at) => one === this.#shown[at]);
    this.#shown = shown;
    this.watch.set(isSame ? moved(value, raft, applied) : this.#statusOf(raft, applied, bonds));
  }

  #statusOf(raft: RaftStatus, applied: number, bonds: Bonds): GroupStatus {
    const facts: Facts = {
      me: this.#init.me,
      raft,
      applied,
      bonds: bonds.peers,
      toldBy: (peer) => bonds.toldBy(peer),
      conflicts: [...this.#conflicts],
      alarms: this.#alarms,
      standings: this.#standings,
    };
    return statusOf(facts, this.watch.value);
  }

  /** Shows that the member stopped, for good. */
  stopped(state: "halted" | "closed", reason: string | undefined): void {
    const { value } = this.watch;
    if (value.state !== "running") return;
    const nobody = { role: "follower", leader: undefined, bonds: [], online: false } as const;
    this.watch.set({ ...value, ...nobody, state, reason });
  }

  #showAlarms(alarms: readonly GroupAlarm[]): void {
    this.#alarms = alarms;
    const { value } = this.watch;
    if (value.state === "running") this.watch.set({ ...value, alarms });
  }

  #takeStandings({ role, configuration, lastIndex }: RaftStatus): void {
    const { clock, everyMs, positionOf } = this.#init;
    const { members } = configuration;
    const now = clock.monotonic();
    const isDue = now - this.#standingsAtMs >= everyMs;
    if (role !== "leader") {
      if (this.#standings.size > 0) this.#standings = new Map();
    } else if (isDue || this.#standings.size !== members.length) {
      this.#standings = new Map(members.map(({ id }) => [id, standing(positionOf(id), lastIndex)]));
      this.#standingsAtMs = now;
    }
  }
}

function standing(position: number | undefined, lastIndex: number): Standing {
  if (position === undefined) return unknownStanding;
  return { position, lag: Math.max(0, lastIndex - position) };
}
