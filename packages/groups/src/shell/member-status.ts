import { type PeerId, WatchSource } from "@mosaik/primitives";
import type { Bonds } from "../bonds/bonds.ts";
import { conflictsMax } from "../config.ts";
import type { GroupMember, GroupStatus } from "../groups.ts";
import { type MemberId, peerOf } from "../raft/member.ts";
import type { RaftStatus } from "../raft/raft-node.ts";

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
  bonds: [],
  online: false,
};

/** What a member is at the moment; `before` itself where nothing changed. */
function statusOf(
  me: MemberId,
  raft: RaftStatus,
  applied: number,
  bonds: Bonds,
  conflicts: readonly string[],
  before: GroupStatus,
): GroupStatus {
  const peers = same(bonds.peers, before.bonds);
  const members = membersOf(me, raft, peers, before);
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
    bonds: peers,
    online: leader !== undefined && members.some(({ id }) => id === me),
  };
  const keys = Object.keys(next) as (keyof GroupStatus)[]; // of an object made just above
  return keys.every((key) => next[key] === before[key]) ? before : next;
}

function membersOf(
  me: MemberId,
  raft: RaftStatus,
  peers: readonly PeerId[],
  before: GroupStatus,
): readonly GroupMember[] {
  const bonded = new Set<string>(peers);
  const members = raft.configuration.members.map(({ id, kind, voting }) => {
    const peer = peerOf(id) as PeerId; // a member id begins with its peer's
    return { id, peer, kind, voting, bonded: id === me || bonded.has(peer) };
  });
  const isSame =
    members.length === before.members.length &&
    members.every((member, at) => {
      const old = before.members[at];
      return (
        old?.id === member.id &&
        old.kind === member.kind &&
        old.voting === member.voting &&
        old.bonded === member.bonded
      );
    });
  return isSame ? before.members : members;
}

function same<Item>(now: readonly Item[], before: readonly Item[]): readonly Item[] {
  const isSame = now.length === before.length && now.every((item, at) => item === before[at]);
  return isSame ? before : now;
}

/** Keeps the status that handles show, as one value. */
export class StatusBoard {
  readonly watch: WatchSource<GroupStatus> = new WatchSource(blankStatus);
  readonly #me: MemberId;
  readonly #conflicts = new Set<string>();

  constructor(me: MemberId) {
    this.#me = me;
  }

  /** The peers of all members, as the log says. */
  get peers(): PeerId[] {
    return this.watch.value.members.map(({ peer }) => peer);
  }

  /** Another founding of the group was met. */
  conflict(instance: string): void {
    if (this.#conflicts.size < conflictsMax) this.#conflicts.add(instance);
  }

  /** Shows what the member is now. */
  show(raft: RaftStatus, applied: number, bonds: Bonds): void {
    const { value } = this.watch;
    if (value.state !== "running") return;
    this.watch.set(statusOf(this.#me, raft, applied, bonds, [...this.#conflicts], value));
  }

  /** Shows that the member stopped, for good. */
  stopped(state: "halted" | "closed", reason: string | undefined): void {
    const { value } = this.watch;
    if (value.state !== "running") return;
    const nobody = { role: "follower", leader: undefined, bonds: [], online: false } as const;
    this.watch.set({ ...value, ...nobody, state, reason });
  }
}
