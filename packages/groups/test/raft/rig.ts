import type { Outgoing } from "../../src/raft/effects.ts";
import { type Entry, noData } from "../../src/raft/entry.ts";
import { type RaftLimits, raftLimits } from "../../src/raft/limits.ts";
import { configuration, type InstanceId, type MemberId, memberId } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { RaftNode } from "../../src/raft/raft-node.ts";

/** Those of a group; each votes. */
export const [leader, me, one, two, three] = ["leader", "me", "one", "two", "three"].map((name) =>
  memberId(name, "1"),
) as [MemberId, MemberId, MemberId, MemberId, MemberId]; // as many as names
/** The group, in its first term. */
export const instance = "of tests" as InstanceId;
/** What stands on a message of the first term. */
export const envelope = { instance, term: 1 };
/** All of them. */
export const members = [leader, me, one, two, three];
/** The first entry. */
export const genesis: Entry = {
  index: 1,
  term: 0,
  kind: "configuration",
  data: noData,
  configuration: configuration(members.map((id) => ({ id, kind: "data", voting: true }))),
};

/** The first entry and so many commands of so many bytes. */
export function logOf(count: number, bytes: number): Entry[] {
  const commands = Array.from({ length: count }, (_, at): Entry => {
    const data = new Uint8Array(bytes).fill(at);
    return { index: at + 2, term: 1, kind: "command", data, configuration: undefined };
  });
  return [genesis, ...commands];
}

/** With few entries to be behind by before others help. */
export const limits = { ...raftLimits, assistEntries: 4 };

/** A member of the group with so much of the log. */
export class Rig {
  now = 0;
  readonly node: RaftNode;
  readonly events: string[] = [];

  constructor(id: MemberId, entries: readonly Entry[], others: Partial<RaftLimits> = {}) {
    const hard = { instance, attempt: 1, term: 1, vote: undefined, commit: 1 };
    this.node = new RaftNode({
      id,
      kind: "data",
      limits: { ...limits, ...others },
      random: { next: () => 0.5, bytes: (count) => new Uint8Array(count) },
      stored: { hard, snapshot: undefined, entries },
      freshInstance: instance,
      nowMs: 0,
    });
    for (const other of members) if (other !== id) this.bond(other, true);
    this.sent();
  }

  bond(member: MemberId, up: boolean): void {
    this.node.step({ kind: "bond", member, memberKind: "data", up }, this.now);
  }

  receive(from: MemberId, message: Message): void {
    this.node.step({ kind: "received", from, message }, this.now);
  }

  pass(ms: number): void {
    this.now += ms;
    this.node.step({ kind: "tick" }, this.now);
  }

  /** What it sends, its disk being instant. */
  sent(): Outgoing[] {
    const { persist, sends, events } = this.node.take();
    for (const event of events)
      if (event.kind === "message-refused") this.events.push(event.reason);
    if (!persist) return [...sends];
    this.node.step({ kind: "persisted", sequence: persist.sequence }, this.now);
    return [...sends, ...this.sent()];
  }
}
