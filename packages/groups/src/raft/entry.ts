import type { RaftLimits } from "./limits.ts";
import type { Configuration } from "./member.ts";

/** What a log entry is: a command of the user, the mark of a new leadership, or who belongs. */
export type EntryKind = "command" | "noop" | "configuration";

/** One entry of the replicated log. Never changed once made. */
export interface Entry {
  /** Position, from 1. */
  readonly index: number;
  /** Term of the leader that made it; 0 for the genesis entry only. */
  readonly term: number;
  readonly kind: EntryKind;
  /** A command's bytes, opaque here; empty otherwise, and at a witness. */
  readonly data: Uint8Array;
  /** Present on `configuration` entries only. */
  readonly configuration: Configuration | undefined;
}

/** What an entry without data and members counts for in byte limits. */
export const entryBytesMin = 32;
const memberBytes = 128;

/** What an entry counts for in byte limits, its own header included: the same at every member. */
export function entryBytes(entry: Entry): number {
  const members = entry.configuration?.members.length ?? 0;
  return entryBytesMin + entry.data.byteLength + members * memberBytes;
}

/** What an entry counts for at most. */
export function entryBytesMax({ commandBytesMax, membersMax }: EntryLimits): number {
  return entryBytesMin + Math.max(commandBytesMax, membersMax * memberBytes);
}

type EntryLimits = Pick<RaftLimits, "commandBytesMax" | "membersMax">;

/** No bytes. */
export const noData: Uint8Array = new Uint8Array(0);

/** What a snapshot stands for: the state after `index`. */
export interface SnapshotMeta {
  readonly index: number;
  readonly term: number;
  /** The latest configuration at or before `index`, and the index of its entry. */
  readonly configuration: Configuration;
  readonly configurationIndex: number;
}

/** What must be durable before any answer that depends on it. */
export interface HardState {
  readonly instance: string;
  /** Of the genesis record; a later attempt replaces one that nobody voted under. */
  readonly attempt: number;
  readonly term: number;
  readonly vote: string | undefined;
  /** A lower bound of what is committed; may lag. */
  readonly commit: number;
}
