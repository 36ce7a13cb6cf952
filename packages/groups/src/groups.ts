import type { Condition, GroupId, PeerId, Watch } from "@mosaik/primitives";
import type { Service } from "@mosaik/transport";
import type { GroupLimits, GroupTimings } from "./config.ts";
import type { GroupKey } from "./group-key.ts";
import type { LogStorage } from "./log-storage.ts";
import type { RoleName } from "./raft/effects.ts";
import type { MemberId, MemberKind } from "./raft/member.ts";
import type { MachineDefinition } from "./state-machine.ts";

/** The groups service of a node. */
export interface Groups extends Service {
  /**
   * Joins a group, or founds it where nobody else is in sight. Joining the same group again gives
   * another handle to the same member; the group is left alone until the last handle is closed.
   * Resolves when the storage is open: wait for `when.online` before counting on a leader.
   *
   * @throws GroupError with `GROUP_CLOSED`, `GROUP_JOINED_OTHERWISE` or `GROUP_STORAGE_FAILED`;
   * `RangeError` where an option is out of range.
   */
  join<Command, Result, Query, Answer>(
    options: JoinOptions<Command, Result, Query, Answer>,
  ): Promise<Group<Command, Result, Query, Answer>>;
  /** The groups that this node is in. */
  readonly joined: readonly GroupId[];
}

/**
 * How much a member takes part. `reluctant`: it stands for leader only when nobody else did for three
 * times as long. `observer`: it follows and never votes. `witness`: it votes and keeps positions, but
 * neither commands nor state, so that two others survive the loss of one.
 */
export type Preference = "normal" | "reluctant" | "observer" | "witness";

/** How to join. The options above the line must be the same at all members: they make the group's id. */
export interface JoinOptions<Command, Result, Query, Answer> {
  readonly key: GroupKey;
  readonly machine: MachineDefinition<Command, Result, Query, Answer>;
  /** How many must agree on how the group begins. Default: 1. */
  readonly founders?: number;
  /** Members that fall silent are taken out of the count as long as so many remain. Default: 2. */
  readonly minVoters?: number;
  /** Default: `groupTimings`; `lanTimings` for one data centre. */
  readonly timings?: Partial<GroupTimings>;

  /** Where this member keeps its log: in memory only where that was chosen, as it forgets. */
  readonly storage: LogStorage;
  /** Default: `normal`. */
  readonly preference?: Preference;
  readonly limits?: Partial<GroupLimits>;
  /** Whether a peer may be bonded with, beyond knowing the key. Default: everybody may. */
  readonly admit?: (peer: PeerId) => boolean;
}

/** A member as the others know it. */
export interface GroupMember {
  readonly id: MemberId;
  readonly peer: PeerId;
  readonly kind: MemberKind;
  /** Whether it counts in majorities: a voter; otherwise a learner. */
  readonly voting: boolean;
  /** Whether this node has a bond with it, or is it. */
  readonly bonded: boolean;
  /** With whom it has bonds, as it said last; empty where this node has no bond with it. */
  readonly bonds: readonly PeerId[];
  /**
   * Up to where its log is durable and agrees with the leader's, as of the last heartbeat or so. Only
   * the leader knows it: `undefined` elsewhere, and as long as the member has not answered.
   */
  readonly position: number | undefined;
  /** How many positions it is behind the leader's log; known where `position` is. */
  readonly lag: number | undefined;
}

/** A peer that broke the rules, or this node, where it cannot do what a member must. */
export interface GroupAlarm {
  readonly peer: PeerId;
  /** Which rule, what follows, or what cannot be done. */
  readonly reason: string;
  /** How often it did. */
  readonly count: number;
}

/** What a group is like at the moment, as this member sees it. */
export interface GroupStatus {
  readonly state: "running" | "halted" | "closed";
  /** Why it is halted. */
  readonly reason: string | undefined;
  readonly role: RoleName;
  /**
   * Grows with every leader, so it can be a fencing token: whoever was told a later one must refuse
   * an earlier.
   */
  readonly term: number;
  readonly leader: MemberId | undefined;
  /** Which founding of the group this is; empty before it is founded. */
  readonly instance: string;
  /** Other foundings that were met: an operator must choose. At most 16. */
  readonly conflicts: readonly string[];
  readonly members: readonly GroupMember[];
  /** The last position of the own log, the last one known to be committed, and the last one applied. */
  readonly lastIndex: number;
  readonly commit: number;
  readonly applied: number;
  /** How many positions that the leader is known to have committed are not applied here yet. */
  readonly lag: number;
  /** Peers with a bond, in order. */
  readonly bonds: readonly PeerId[];
  /** Whether it leads, or follows a leader as a member. */
  readonly online: boolean;
  /**
   * Members that sent what no member may send, and peers that are banned for it or for proofs that
   * failed: the latest last, at most 16. Their bonds were closed; an operator should look at them. And
   * this node itself, as long as it cannot take snapshots: its log grows, in memory and on disk.
   */
  readonly alarms: readonly GroupAlarm[];
}

/** Where the answer to a query comes from. */
export interface QueryOptions {
  /**
   * `weak`: from the local state, as it is. `strong`: from a state that holds all that was
   * acknowledged anywhere before the query was made (linearizable). Default: `weak`.
   */
  readonly consistency?: "weak" | "strong";
  readonly signal?: AbortSignal;
}

/** The answer to a query. */
export interface Answered<Answer> {
  readonly value: Answer;
  /** The position of the state that answered. */
  readonly position: number;
  /**
   * How long ago this member last heard its leader, milliseconds: how old the answer may be. 0 for a
   * strong one, and at a leader, which may be an election timeout behind before it knows that another
   * was elected; infinite where there was never a leader.
   */
  readonly staleMs: number;
}

/**
 * A handle to a group that this node is a member of. Its commands are carried out in the order of
 * the calls, each once, whoever leads meanwhile.
 *
 * Every wait ends: without a leader with `GROUP_NO_QUORUM`, at the latest after a few election
 * timeouts.
 */
export interface Group<Command, Result, Query, Answer> extends AsyncDisposable {
  readonly id: GroupId;
  /** This member. */
  readonly me: MemberId;
  readonly status: Watch<GroupStatus>;
  readonly when: GroupConditions;
  /**
   * Carries out a command and answers the machine's result. When it resolves, the command is durable
   * on a majority and applied here. An abort of `signal` gives up the wait, not a command on its way.
   *
   * @throws GroupError with `GROUP_REJECTED`, `GROUP_NO_QUORUM`, `GROUP_UNKNOWN_OUTCOME`,
   * `GROUP_COMMAND_INVALID`, `GROUP_COMMAND_TOO_LARGE`, `GROUP_FULL`, `GROUP_NO_STATE`,
   * `GROUP_STORAGE_FAILED`, `GROUP_HALTED` or `GROUP_CLOSED`; the reason of `signal`.
   */
  execute(command: Command, options?: { readonly signal?: AbortSignal }): Promise<Result>;
  /**
   * Carries out several commands as one: in this order, nothing between them, all or none of them
   * committed. The machine may still reject each. At most 1,024.
   *
   * @throws as `execute`; `GROUP_REJECTED` where the machine rejected any, all outcomes in `data`.
   */
  executeMany(
    commands: readonly Command[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result[]>;
  /**
   * Gives a command to the leader and answers the position that it was given. It is not committed
   * yet, and is given to a later leader where this one is lost: then at another position.
   *
   * @throws as `execute`, but for `GROUP_REJECTED`.
   */
  feed(command: Command, options?: { readonly signal?: AbortSignal }): Promise<number>;
  /** Like `feed`, with several commands as one. */
  feedMany(
    commands: readonly Command[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<number>;
  /**
   * Asks the state.
   *
   * @throws GroupError with `GROUP_QUERY_FAILED`, `GROUP_NO_STATE`, `GROUP_HALTED`, `GROUP_CLOSED`
   * or `GROUP_FULL`; where strong, `GROUP_NO_QUORUM`; the reason of `signal`.
   */
  query(query: Query, options?: QueryOptions): Promise<Answered<Answer>>;
  /** Asks the leader to hand over to a voter. Only a wish: watch `when.leaderIs`. */
  transferLeadership(to: MemberId): void;
  /**
   * Takes this node out of the group for good, hands leadership over first where it leads, and closes
   * every handle to it. Without a leader it just closes. What the storage holds stays there.
   */
  leave(): Promise<void>;
  /** Lets go of the handle; with the last one, the member stops, and may start again. Idempotent. */
  close(): Promise<void>;
}

interface Wait {
  readonly signal?: AbortSignal;
}

/** What can be waited for. Each rejects with `CONDITION_CLOSED` once the group is closed. */
export interface GroupConditions {
  leaderElected(options?: Wait): Condition;
  /** Another leader than now, or one where there is none. */
  leaderChanged(options?: Wait): Condition;
  leaderIs(peer: PeerId, options?: Wait): Condition;
  isLeader(options?: Wait): Condition;
  /** Follows a leader, and is not it. */
  isFollower(options?: Wait): Condition;
  online(options?: Wait): Condition;
  offline(options?: Wait): Condition;
  /** Everything up to a position is committed and applied here. */
  committed(position: number, options?: Wait): Condition;
  /** Bonds with at least so many, or with all of the peers given. */
  bonded(
    what: { readonly atLeast?: number; readonly peers?: readonly PeerId[] },
    options?: Wait,
  ): Condition;
}
