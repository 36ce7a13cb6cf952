/** Why two nodes are not connected, or do not talk. */
export interface Cause {
  readonly kind: CauseKind;
  /** How sure it is: a fact that one of them tells, or a guess from what they tell. */
  readonly certainty: "certain" | "likely";
  /** What is the case, in a sentence. May hold text that the peers chose. */
  readonly text: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** The kinds of causes, the most telling first. */
export const causeKinds = [
  "connected",
  "different-network",
  "wrong-secret",
  "incompatible",
  "refused-by-predicate",
  "incompatible-stream",
  "no-capacity",
  "too-slow",
  "clock",
  "unreachable",
  "no-address",
  "unknown-peer",
  "connection-lost",
  "nothing-wanted",
  "cannot-look",
] as const;

/** See {@link causeKinds}. */
export type CauseKind = (typeof causeKinds)[number];
