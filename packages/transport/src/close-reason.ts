/** Why a link ended. */
export interface CloseReason {
  /** The number on the wire. */
  readonly code: number;
  /** The name of the number, `unknown` where the table of the protocol lacks it. */
  readonly name: string;
  /** More, for people; at most 256 bytes. */
  readonly text: string;
  /** Whose decision it was. `transport`: nobody's, the connection went. */
  readonly by: "local" | "remote" | "transport";
}

/** Reasons every protocol has. Services define theirs from 100 on and never reuse a number. */
export const commonReasons = {
  done: 0,
  cancelled: 1,
  "going-away": 2,
  "protocol-violation": 3,
  "frame-too-large": 4,
  timeout: 5,
  overloaded: 6,
  internal: 7,
  /** The connection under the link was lost. Never sent. */
  lost: 8,
  "different-network": 9,
  "wrong-secret": 10,
  incompatible: 11,
  "not-admitted": 12,
  idle: 13,
} as const;

/** The name of a reason that every protocol has. */
export type CommonReason = keyof typeof commonReasons;

/** Reasons of a protocol, name to number, beside the common ones. */
export type ReasonTable = Readonly<Record<string, number>>;
