import type { Timings } from "./cases.ts";

/** The systems that are compared. */
export const sideNames = ["ours", "etcd"] as const;

/** The name of a system. */
export type SideName = (typeof sideNames)[number];

/** How many members a group has. */
export const membersCount = 3;
/** What is written is of so many keys in turn, this many bytes each. */
export const keysCount = 100;
export const valueBytes = 64;

/** What a process is told of its place. */
export interface Place {
  /** Ours: those that are there already. The peer: the member whose client this is. */
  readonly addresses: readonly string[];
  /** Where the data goes; empty: to memory. */
  readonly directory: string;
  readonly timings: Timings;
  /** Ours: what the members of this group share, and who this one is, also after a restart. */
  readonly key: string;
  readonly secretKey: string;
}

/** A system, at one of its members. */
export interface Side {
  open(place: Place): Promise<Client>;
}

/** Somebody who talks to one member. */
export interface Client {
  /** Where others find this member. */
  readonly address: string;
  /** Whether all members are there, follow one leader, and may vote. */
  isWhole(): Promise<boolean>;
  /** Whether this member leads. */
  leads(): Promise<boolean>;
  /** Writes a value under the key of a number; resolves when it is committed. */
  write(key: number): Promise<void>;
  /** Reads the value of a key. */
  read(key: number, consistency: "strong" | "weak"): Promise<void>;
  /** How many writes the group holds, as a strong read at this member tells. */
  written(): Promise<number>;
  close(): Promise<void>;
}
