import { defineAction, defineSection } from "@mosaik/transport";
import * as v from "valibot";

const text = v.pipe(v.string(), v.maxLength(512));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const member = v.object({
  peer: text,
  kind: v.picklist(["data", "witness", "observer"]),
  /** Whether it counts in majorities: a voter; otherwise a learner. */
  voting: v.boolean(),
  bonded: v.boolean(),
  /** Up to where its log agrees with the leader's, and how far that is behind; told by the leader. */
  position: v.optional(count),
  lag: v.optional(count),
});

const membership = v.object({
  machine: text,
  preference: text,
  me: text,
  state: v.picklist(["running", "halted", "closed"]),
  reason: v.optional(text),
  role: text,
  term: count,
  leader: v.optional(text),
  instance: text,
  /** Other foundings of the group that were met. */
  conflicts: v.array(text),
  /** By member. */
  members: v.record(text, member),
  lastIndex: count,
  commit: count,
  applied: count,
  lag: count,
  online: v.boolean(),
  /** Whether what it acknowledged outlives the process. */
  durable: v.boolean(),
  alarms: v.array(v.object({ peer: text, reason: text, count })),
  /**
   * The state in short at the last position at which all members compare, every 256: equal, or one of
   * them went wrong. Absent before the first, and from a snapshot to the next one.
   */
  checkpoint: v.optional(v.object({ position: count, hash: text })),
});

/** A membership, as {@link GroupsSection} tells it. */
export type GroupMembership = v.InferOutput<typeof membership>;

/** The groups that a node is in, by their ids. */
export const GroupsSection = defineSection({
  name: "groups",
  version: 1,
  value: v.record(text, membership),
});

const entry = v.object({
  index: count,
  term: count,
  kind: text,
  bytes: count,
  /** The commands as JSON, as far as they decode and fit: shortened to 512 characters. */
  commands: v.optional(v.array(text)),
});

/** An entry of a log, as {@link GroupLogSection} tells it. */
export type GroupLogEntry = v.InferOutput<typeof entry>;

/** Entries of the log of a group from a position on, at most 64: those that no snapshot covers yet. */
export const GroupLogSection = defineSection({
  name: "groups.log",
  version: 1,
  value: v.object({ entries: v.array(entry), lastIndex: count }),
  query: v.object({ group: text, from: count }),
});

/**
 * The replicated state of a group as one node has it, piece after piece. Without `name` it is captured
 * as it is now, and the first piece comes with the name of what was captured; with the name, the next
 * one. A node holds two at most, each until it is read or nobody has asked for a minute. As any other
 * answer a piece may take no more than its share of the time: some megabytes a second.
 */
export const GroupSnapshotSection = defineSection({
  name: "groups.snapshot",
  version: 1,
  query: v.object({ group: text, name: v.optional(text), piece: count }),
  value: v.object({
    name: text,
    machine: text,
    signature: text,
    /** The position in the log that it shows. */
    position: count,
    /** Absent once there are no more: then `hash` binds them all. */
    bytes: v.optional(v.custom<Uint8Array>((it) => it instanceof Uint8Array)),
    hash: v.optional(text),
  }),
});

/**
 * Has the leader of a group hand over: to a member, by its id or its peer's, or to whoever can. Only
 * a wish; what came of it shows in {@link GroupsSection}.
 */
export const StepDownAction = defineAction({
  name: "groups.step-down",
  version: 1,
  input: v.object({ group: text, to: v.optional(text) }),
  output: v.object({ to: text }),
});
