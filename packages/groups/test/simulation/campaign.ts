import { goalsExpected } from "./goals.ts";
import { shrink } from "./shrink.ts";
import { type SimPlan, type SimResult, Simulation } from "./simulation.ts";
import type { FaultKind } from "./swarm.ts";

/** A seed that broke a rule, and the smallest plan found that still does. */
export interface Finding {
  readonly seed: number;
  readonly violation: string;
  readonly plan: SimPlan;
  readonly faults: readonly FaultKind[];
  readonly strikes: number;
}

/** What many runs came to. */
export interface CampaignResult {
  readonly from: number;
  readonly seeds: number;
  readonly violations: number;
  readonly simulatedHours: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Commands acknowledged to clients. */
  readonly acknowledged: number;
  /** Histories that were too long to search to the end. */
  readonly undecided: number;
  /** Seeds that were run twice, to the same end event by event. */
  readonly repeated: number;
  /** In how many runs each thing happened at least once. */
  readonly goals: Readonly<Record<string, number>>;
  readonly missedGoals: readonly string[];
  readonly findings: readonly Finding[];
}

/** How far many runs have come. */
export interface CampaignProgress {
  readonly seeds: number;
  readonly violations: number;
  readonly eventsPerSecond: number;
}

/** Each so many-th seed is run twice. */
const repeatEvery = 100;

/** Runs seeds one after the other; the clock is only for the figure of speed. */
export function runCampaign(options: {
  readonly from: number;
  readonly seeds: number;
  readonly nowMs: () => number;
  readonly onProgress?: (progress: CampaignProgress) => void;
  readonly onFinding?: (finding: Finding) => void;
}): CampaignResult {
  const { from, seeds, nowMs } = options;
  const beganMs = nowMs();
  const findings: Finding[] = [];
  const goals: Record<string, number> = {};
  for (const goal of goalsExpected) goals[goal] = 0;
  let [events, simulatedMs, acknowledged, undecided, repeated, ran] = [0, 0, 0, 0, 0, 0];
  const speed = (): number => Math.round((ran * 1_000) / Math.max(1, nowMs() - beganMs));
  for (let seed = from; seed < from + seeds; seed++) {
    const result = new Simulation({ seed }).run();
    events += result.events;
    ran += result.events;
    simulatedMs += result.simulatedMs;
    acknowledged += result.acknowledged;
    undecided += result.undecided;
    for (const goal of result.goals) goals[goal] = (goals[goal] ?? 0) + 1;
    let finding = result.violation === undefined ? undefined : findingOf(result);
    if (seed % repeatEvery === 0 && !finding) {
      repeated++;
      ran += result.events;
      finding = repeatsItself(result);
    }
    if (finding) {
      findings.push(finding);
      options.onFinding?.(finding);
    }
    options.onProgress?.({
      seeds: seed - from + 1,
      violations: findings.length,
      eventsPerSecond: speed(),
    });
  }
  return {
    from,
    seeds,
    violations: findings.length,
    simulatedHours: simulatedMs / 3_600_000,
    events,
    eventsPerSecond: speed(),
    acknowledged,
    undecided,
    repeated,
    goals,
    missedGoals: goalsExpected.filter((goal) => goals[goal] === 0),
    findings,
  };
}

function findingOf(found: SimResult): Finding {
  const { plan, result } = shrink({ seed: found.seed }, found);
  return {
    seed: found.seed,
    violation: result.violation ?? "",
    plan,
    faults: result.faults,
    strikes: result.strikes.length,
  };
}

function repeatsItself(first: SimResult): Finding | undefined {
  const { seed, faults, strikes } = first;
  const again = new Simulation({ seed }).run();
  if (again.traceHash === first.traceHash && again.events === first.events) return undefined;
  const violation = "a second run of the seed is another run";
  return { seed, violation, plan: { seed }, faults, strikes: strikes.length };
}
