import type { Mutant } from "./mutant.ts";
import { type SimPlan, type SimResult, Simulation } from "./simulation.ts";

/** A plan that breaks a rule, made smaller. */
export interface Shrunk {
  readonly plan: SimPlan;
  readonly result: SimResult;
  /** Runs that it took. */
  readonly runs: number;
}

/** Runs that making a plan smaller may take. */
const runsMax = 300;

/** What kind of violation it is: numbers and names left aside. */
export function violationKind(violation: string | undefined): string | undefined {
  return violation?.replaceAll(/n\d+#\d+|\d+/g, "…").slice(0, 80);
}

/**
 * Leaves out whatever a violation does not need, in this order: kinds of trouble, clients, nodes,
 * single strikes (by halves, quarters and so on), and time. What is left breaks the same rule.
 */
export function shrink(found: SimPlan, first: SimResult, mutant?: Mutant): Shrunk {
  const kind = violationKind(first.violation);
  let best: { plan: SimPlan; result: SimResult } = { plan: found, result: first };
  let runs = 0;
  const tries = (plan: SimPlan): boolean => {
    if (runs >= runsMax) return false;
    runs++;
    const result = new Simulation(mutant ? { ...plan, mutant } : plan).run();
    if (violationKind(result.violation) !== kind) return false;
    best = { plan, result };
    return true;
  };
  for (const fault of first.faults) {
    tries({ ...best.plan, without: [...(best.plan.without ?? []), fault] });
  }
  for (const clients of [1, 2]) if (clients < first.clients) tries({ ...best.plan, clients });
  for (const nodes of [3, 4, 5]) if (nodes < first.nodes) tries({ ...best.plan, nodes });
  dropStrikes(() => best, tries);
  const last = Math.max(0, ...best.result.strikes.map(({ atMs }) => atMs));
  for (const slackMs of [100, 1_000, 5_000]) {
    if (tries({ ...best.plan, chaosMs: Math.ceil(last + slackMs) })) break;
  }
  return { ...best, runs };
}

/** Delta debugging over the strikes. */
function dropStrikes(
  best: () => { readonly plan: SimPlan; readonly result: SimResult },
  tries: (plan: SimPlan) => boolean,
): void {
  let kept = best().result.strikes.map(({ label }) => label);
  for (let parts = 2; kept.length > 0; ) {
    const size = Math.ceil(kept.length / parts);
    let found = false;
    for (let at = 0; at < kept.length && !found; at += size) {
      const strikes = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (!tries({ ...best().plan, strikes })) continue;
      // Strikes that are no longer reached are gone as well.
      const struck = new Set(best().result.strikes.map(({ label }) => label));
      kept = strikes.filter((label) => struck.has(label));
      found = true;
    }
    if (found) parts = Math.max(2, parts - 1);
    else if (size === 1) return;
    else parts = Math.min(kept.length, parts * 2);
  }
}
