import type { Core } from "./core.ts";
import type { RoleName } from "./effects.ts";
import type { Configuration, InstanceId, MemberId } from "./member.ts";

/** What a member is at the moment, as one value. */
export interface RaftStatus {
  readonly role: RoleName;
  readonly instance: InstanceId;
  readonly term: number;
  readonly leader: MemberId | undefined;
  readonly configuration: Configuration;
  readonly lastIndex: number;
  readonly commit: number;
  readonly applied: number;
  /** The last commit index that a leader told, whatever of it is here. */
  readonly toldCommit: number;
  readonly halted: string | undefined;
}

/** What a member is at the moment. */
export function statusOf(core: Core): RaftStatus {
  const { role, instance, term, leader, membership, log, commit, handed, toldCommit, halted } =
    core;
  return {
    role: role.state,
    instance,
    term,
    leader,
    configuration: membership.latest,
    lastIndex: log.lastIndex,
    commit,
    applied: handed,
    toldCommit,
    halted,
  };
}

/** Up to where a member's log agrees with this leader's; unknown elsewhere and before it answered. */
export function positionOf(core: Core, member: MemberId): number | undefined {
  const { role, id, log } = core;
  if (role.state !== "leader") return undefined;
  if (member === id) return log.lastIndex; // its own log is the leader's, durable yet or not
  const progress = role.progress.get(member);
  return progress?.answered === true ? progress.match : undefined;
}
