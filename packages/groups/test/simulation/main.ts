import { parseArgs } from "node:util";
import { healthy, hunt, type Kill, runCampaign } from "./campaign.ts";
import { mutants } from "./mutants.ts";
import { Simulation } from "./simulation.ts";

/*
 * The simulator's command line:
 *
 *   pnpm sim groups --seeds 2000 [--from 1] [--json]    many seeds
 *   pnpm sim groups --seed 7 [--trace]                  one seed again
 *   pnpm sim groups --mutants [--seeds 2000] [--only 4] injected bugs, each hunted for so many seeds
 *
 * Fails where a rule was broken, or an injected bug was not found. With --json the last line of the
 * output is the result.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    only: { type: "string" },
    mutants: { type: "boolean", default: false },
    control: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

function replay(seed: number): boolean {
  const mutant = mutants.find(({ name }) => values.mutants && name === values.only);
  const shown = mutant && values.control ? healthy(mutant) : mutant;
  const base = shown ? { seed, mutant: shown } : { seed };
  const simulation = new Simulation(values.trace ? { ...base, onTrace: say } : base);
  const result = simulation.run();
  for (const host of simulation.hosts) say(host.describe());
  say(JSON.stringify({ ...result, goals: [...result.goals] }));
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
    say(
      `${kill.killed ? `caught at ${kill.seeds}` : "MISSED"}: ${kill.name} ${kill.bug} (${kill.violation})`,
    );
  }
  const killed = kills.filter((kill) => kill.killed).length;
  say(JSON.stringify({ killed, total: kills.length, mutants: kills }));
  return killed === kills.length;
}

function runMany(from: number, seeds: number): boolean {
  const { findings, ...result } = runCampaign({
    from,
    seeds,
    nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
    onFinding: ({ seed, violation, faults }) => say(`seed ${seed}: ${violation} [${faults}]`),
  });
  if (!values.json) say(`${seeds} seeds, ${findings.length} violations`);
  say(JSON.stringify(result));
  return findings.length === 0;
}

function main(): boolean {
  if (values.seed !== undefined) return replay(Number(values.seed));
  if (values.mutants) return huntAll(Number(values.seeds ?? 2_000));
  return runMany(Number(values.from), Number(values.seeds ?? 200));
}

process.exitCode = main() ? 0 : 1;
