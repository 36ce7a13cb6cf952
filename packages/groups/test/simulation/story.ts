import type { Mutant } from "./mutant.ts";
import { type SimPlan, Simulation } from "./simulation.ts";

const linesMax = 120;

/** How a plan goes wrong, to be read: the end of what happened, and what to add to the regressions. */
export function storyOf(plan: SimPlan, mutant?: Mutant): string[] {
  const lines: string[] = [];
  const onTrace = (line: string): void => {
    if (/ heartbeat(-reply)? | hello | fetch(-reply)? /.test(line)) return;
    lines.push(line);
    if (lines.length > 2 * linesMax) lines.splice(0, linesMax);
  };
  const simulation = new Simulation({ ...plan, ...(mutant ? { mutant } : {}), onTrace });
  const { violation, strikes } = simulation.run();
  return [
    `seed ${plan.seed}: ${violation}`,
    ...strikes.map(({ label, fault, atMs }) => `  strike ${label}: ${fault} at ${atMs.toFixed(1)}`),
    ...lines.slice(-linesMax).map((line) => `  ${line}`),
    ...simulation.hosts.map((host) => `  ${host.describe()}`),
    `to see it again: pnpm sim groups --plan '${JSON.stringify(plan)}' --trace`,
    `for regressions.ts: ${JSON.stringify(plan)},`,
  ];
}
