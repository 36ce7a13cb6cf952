/**
 * One incarnation of a node: `peer#incarnation`. A node whose storage is new has a new incarnation,
 * so that a member that lost its disk never passes for the voter it was.
 */
export type MemberId = string & { readonly __id: "member" };

/** Names one founding of a group. The empty text: none yet. */
export type InstanceId = string & { readonly __id: "instance" };

/** The instance of a node that belongs to none. */
export const noInstance = "" as InstanceId; // branded: the one value that is not drawn at founding

/** The id of a node's incarnation. Neither part contains `#`. */
export function memberId(peer: string, incarnation: string): MemberId {
  return `${peer}#${incarnation}` as MemberId; // the one place that makes a member id
}

/** The node a member is an incarnation of. */
export function peerOf(member: MemberId): string {
  const end = member.indexOf("#");
  return end < 0 ? member : member.slice(0, end);
}

/**
 * What a member is for. `data` keeps the log and the state and may lead; `witness` keeps terms, its
 * vote and positions but no commands, and never leads; `observer` follows and never votes.
 */
export type MemberKind = "data" | "witness" | "observer";

/** A member as the log records it. */
export interface Member {
  readonly id: MemberId;
  readonly kind: MemberKind;
  /** Whether it counts in quorums: a voter. Otherwise it is a learner. */
  readonly voting: boolean;
}

/** Who belongs to the group: members in order of their ids. */
export interface Configuration {
  readonly members: readonly Member[];
}

/** A configuration of members, in whatever order they come. */
export function configuration(members: readonly Member[]): Configuration {
  return { members: [...members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) };
}

/** The member of an id. */
export function findMember(config: Configuration, id: MemberId): Member | undefined {
  return config.members.find((member) => member.id === id);
}

/** A copy with `member` in it, in place of an earlier one of its id. */
export function withMember(config: Configuration, member: Member): Configuration {
  return configuration([...config.members.filter((other) => other.id !== member.id), member]);
}

/** A copy without a member. */
export function withoutMember(config: Configuration, id: MemberId): Configuration {
  return { members: config.members.filter((member) => member.id !== id) };
}

/** Whether two configurations have the same members in the same roles. */
export function sameConfiguration(a: Configuration, b: Configuration): boolean {
  return (
    a.members.length === b.members.length &&
    a.members.every((member, at) => {
      const other = b.members[at];
      return (
        other !== undefined &&
        other.id === member.id &&
        other.kind === member.kind &&
        other.voting === member.voting
      );
    })
  );
}
