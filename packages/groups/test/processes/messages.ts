import type { GroupStatus, MemberId } from "../../src/index.ts";
import type { Book, Change } from "./ledger.ts";

/** How a member's process is started. */
export interface MemberInit {
  readonly number: number;
  /** From which the keys of this group follow, in hex: no two runs ever meet. */
  readonly secret: string;
  /** The ports of all members, in order of their numbers. */
  readonly ports: readonly number[];
  readonly directory: string;
}

/** What a member is asked for. */
export type Ask =
  | { readonly kind: "change"; readonly change: Change }
  /** A register, strongly. */
  | { readonly kind: "read"; readonly key: number }
  /** Everything, strongly. */
  | { readonly kind: "book" };

/** A question to a process and its number. */
export interface Call {
  readonly call: number;
  readonly ask: Ask;
}

/** What a process says by itself or answers. */
export type Notice =
  | { readonly kind: "joined"; readonly me: MemberId }
  | { readonly kind: "status"; readonly status: GroupStatus }
  | { readonly kind: "answer"; readonly call: number; readonly value: number | Book }
  | { readonly kind: "failure"; readonly call: number; readonly code: string };
