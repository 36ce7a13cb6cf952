import type { RaftLimits } from "../../src/raft/limits.ts";
import type { MemberKind } from "../../src/raft/member.ts";
import type { RaftRules } from "../../src/raft/rules.ts";

/** What is bounded over a whole run, all members together. */
export const budgetKinds = [
  "writes",
  "crashes",
  "reads",
  "snapshots",
  "removals",
  "transfers",
  "silences",
] as const;

/** How often each may happen. */
export type Budgets = Readonly<Record<(typeof budgetKinds)[number], number>>;

/** A small world, to be explored to its end. */
export interface WorldPlan extends Budgets {
  readonly name: string;
  readonly kinds: readonly MemberKind[];
  /** How many of them vote from the beginning. */
  readonly voters: number;
  /** Terms of prepared entries after the first one, by member. */
  readonly logs?: readonly (readonly number[])[];
  /** The term all begin in, and the one that none goes beyond. */
  readonly term: number;
  readonly termMax: number;
  /** Who may stand; all where absent. */
  readonly candidates?: readonly number[];
  /** Whether leaders send heartbeats, and change members where they may. */
  readonly beats: boolean;
  /** Whether a leader may resign because a majority was silent. */
  readonly resigns: boolean;
  /** Whether members ask before they stand, and mind a fresh leader. */
  readonly asks: boolean;
  /** Whether fsync takes time, so that a crash can lose or tear what came before it. */
  readonly slowDisks: boolean;
  /** Whether all members are alike in the beginning, so that the first to stand may be any of them. */
  readonly symmetric: boolean;
  readonly statesMax: number;
  /** Whether letters and votes are kept that make no difference: for comparisons. */
  readonly isPlain?: boolean;
  /** Whether a change of the voters must be taken back somewhere in it. */
  readonly returns?: boolean;
  /** How long a silence is, ms. Default: 1. */
  readonly silenceMs?: number;
  readonly limits?: Partial<RaftLimits>;
  readonly rules?: Partial<RaftRules>;
  /** An injected bug: says that a batch is durable before it is. */
  readonly earlyPersisted?: (batch: { hardOnly: boolean; snapshot: boolean }) => boolean;
  /** Whether a step that only may lead to harm is a violation too, as it is without injected bugs. */
  readonly judgesSteps: boolean;
}
