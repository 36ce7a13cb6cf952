import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.ts";
import { seedsForGoals } from "./goals.ts";
import { healthy, hunt, type Kill } from "./hunt.ts";
import { mutants } from "./mutants.ts";
import { shrink } from "./shrink.ts";
import { type SimPlan, Simulation } from "./simulation.ts";
import { storyOf } from "./story.ts";

/*
 * The simulator's command line:
 *
 *   pnpm sim groups --seeds 2000 [--from 1] [--json]    many seeds
 *   pnpm sim groups --seed 7 [--trace] [--shrink]       one seed again
 *   pnpm sim groups --plan '{"seed":7,"strikes":["3"]}' one seed, less what was left out
 *   pnpm sim groups --mutants [--seeds 2000] [--only 4] injected bugs, each hunted for so many seeds
 *
 * Fails where a rule was broken, where 2,000 seeds or more did not reach every goal, or where an
 * injected bug was not found. Progress goes to stderr; with --json the last line of stdout is the
 * result.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    plan: { type: "string" },
    only: { type: "string" },
    mutants: { type: "boolean", default: false },
    control: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    shrink: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const progressEveryMs = 5_000;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const note = (line: string): boolean => process.stderr.write(`${line}\n`);
const nowMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

function replay(plan: SimPlan): boolean {
  const mutant = mutants.find(({ name }) => values.mutants && name === values.only);
  const shown = mutant && values.control ? healthy(mutant) : mutant;
  const base = shown ? { ...plan, mutant: shown } : plan;
  const simulation = new Simulation(values.trace ? { ...base, onTrace: say } : base);
  const result = simulation.run();
  for (const host of simulation.hosts) say(host.describe());
  if (values.shrink && result.violation !== undefined) {
    const shrunk = shrink(plan, result, shown);
    for (const line of storyOf(shrunk.plan, shown)) say(line);
  }
  const { goals, strikes, ...rest } = result;
  say(JSON.stringify({ ...rest, strikes: strikes.length, goals: [...goals] }));
  return result.violation === undefined;
}

function huntAll(seedsMax: number): boolean {
  const kills: Kill[] = [];
  for (const mutant of mutants) {
    if (values.only !== undefined && mutant.name !== values.only) continue;
    if (values.control) {
      for (let seed = 1; seed <= seedsMax; seed++) {
        const { violation } = new Simulation({ seed, mutant: healthy(mutant) }).run();
        if (violation !== undefined) say(`${mutant.name} seed ${seed}: ${violation}`);
      }
      continue;
    }
    const kill = hunt(mutant, seedsMax);
    kills.push(kill);
    const { killed, seeds, name, bug, violation } = kill;
    note(`${killed ? `caught at ${seeds}` : "MISSED"}: ${name} ${bug} (${violation})`);
  }
  const killed = kills.filter((kill) => kill.killed).length;
  const counts = kills.map((kill) => kill.seeds).sort((a, b) => a - b);
  const [medianSeeds, worstSeeds] = [counts[counts.length >> 1], counts.at(-1)];
  say(JSON.stringify({ killed, total: kills.length, medianSeeds, worstSeeds, mutants: kills }));
  return killed === kills.length;
}

function runMany(from: number, seeds: number): boolean {
  let saidMs = nowMs();
  const result = runCampaign({
    from,
    seeds,
    nowMs,
    onProgress: (progress) => {
      if (nowMs() - saidMs < progressEveryMs) return;
      saidMs = nowMs();
      const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
      note(
        `${progress.seeds}/${seeds} seeds, ${progress.violations} violations, ${progress.eventsPerSecond} events/s, ${megabytes} MiB`,
      );
    },
    onFinding: ({ plan }) => {
      for (const line of storyOf(plan)) note(line);
    },
  });
  const enough = seeds < seedsForGoals || result.missedGoals.length === 0;
  if (!enough) note(`never reached: ${result.missedGoals.join(", ")}`);
  if (!values.json) say(`${seeds} seeds, ${result.violations} violations`);
  say(JSON.stringify(result));
  return result.violations === 0 && enough;
}

function main(): boolean {
  if (values.plan !== undefined) return replay(JSON.parse(values.plan));
  if (values.seed !== undefined) return replay({ seed: Number(values.seed) });
  if (values.mutants) return huntAll(Number(values.seeds ?? 5_000));
  return runMany(Number(values.from), Number(values.seeds ?? 200));
}

process.exitCode = main() ? 0 : 1;
