import type { Mutant } from "./mutant.ts";
import { type SimResult, Simulation } from "./simulation.ts";
import { type FaultKind, faultKinds } from "./swarm.ts";

/** A seed that broke a rule, and the kinds of trouble that it takes. */
export interface Finding {
  readonly seed: number;
  readonly violation: string;
  readonly faults: readonly FaultKind[];
}

/** What many runs came to. */
export interface CampaignResult {
  readonly seeds: number;
  readonly violations: number;
  readonly simulatedHours: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly acknowledged: number;
  /** In how many runs each thing happened at least once. */
  readonly goals: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** What must have happened at least once among many runs: otherwise they tested too little. */
export const goalsExpected = [
  "healed",
  "three leaders",
  "log truncated",
  "log compacted",
  "snapshot restored",
  "configuration changed",
  "voter demoted",
  "assisted catch-up",
  "transfer",
  "storage failed",
  "disk lost",
  "disk corrupted",
  "founded",
] as const;

/** Runs seeds one after the other; the clock is only for the figure of speed. */
export function runCampaign(options: {
  readonly from: number;
  readonly seeds: number;
  readonly nowMs: () => number;
  readonly onFinding?: (finding: Finding) => void;
}): CampaignResult {
  const beganMs = options.nowMs();
  const findings: Finding[] = [];
  const goals: Record<string, number> = {};
  for (const goal of goalsExpected) goals[goal] = 0;
  let [events, simulatedMs, acknowledged] = [0, 0, 0];
  for (let seed = options.from; seed < options.from + options.seeds; seed++) {
    const result = new Simulation({ seed }).run();
    events += result.events;
    simulatedMs += result.simulatedMs;
    acknowledged += result.acknowledged;
    for (const goal of result.goals) goals[goal] = (goals[goal] ?? 0) + 1;
    if (result.violation === undefined) continue;
    const finding = shrink(result);
    findings.push(finding);
    options.onFinding?.(finding);
  }
  const seconds = Math.max(1, options.nowMs() - beganMs) / 1_000;
  return {
    seeds: options.seeds,
    violations: findings.length,
    simulatedHours: simulatedMs / 3_600_000,
    events,
    eventsPerSecond: Math.round(events / seconds),
    acknowledged,
    goals,
    findings,
  };
}

/** Leaves out kinds of trouble as long as a seed still breaks a rule. */
export function shrink(result: SimResult, mutant?: Mutant): Finding {
  const { seed } = result;
  let violation = result.violation ?? "";
  let faults = [...result.faults];
  for (const fault of result.faults) {
    const kept = faults.filter((other) => other !== fault);
    const without = new Set(faultKinds.filter((kind) => !kept.includes(kind)));
    const again = new Simulation({ seed, without, ...(mutant ? { mutant } : {}) }).run();
    if (again.violation === undefined) continue;
    violation = again.violation;
    faults = kept;
  }
  return { seed, violation, faults };
}

/** What it took to find an injected bug. */
export interface Kill {
  readonly name: string;
  readonly bug: string;
  readonly killed: boolean;
  /** Runs until it was found. */
  readonly seeds: number;
  readonly violation: string | undefined;
}

/** A run as with an injected bug, but without the bug. */
export function healthy(mutant: Mutant): Mutant {
  const { name, bug, swarm } = mutant;
  return { name, bug, ...(swarm ? { swarm } : {}) };
}

/** Looks for an injected bug. */
export function hunt(mutant: Mutant, seedsMax: number): Kill {
  const { name, bug } = mutant;
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { violation } = new Simulation({ seed, mutant }).run();
    if (violation === undefined) continue;
    const control = new Simulation({ seed, mutant: healthy(mutant) }).run();
    if (control.violation !== undefined) {
      return { name, bug, killed: false, seeds: seed, violation: `healthy: ${control.violation}` };
    }
    return { name, bug, killed: true, seeds: seed, violation };
  }
  return { name, bug, killed: false, seeds: seedsMax, violation: undefined };
}
