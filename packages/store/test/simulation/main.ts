import { parseArgs } from "node:util";
import { runReplayStory } from "./replay-story.ts";

/*
 * The simulator's command line:
 *
 *   pnpm sim replay --seeds 200 [--from 1] [--json]    many seeds
 *   pnpm sim replay --seed 7                           one seed again
 *
 * Fails where a rule was broken. With --json the last line of the output is the result.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<boolean> {
  if (values.seed !== undefined) {
    const result = await runReplayStory(Number(values.seed));
    say(JSON.stringify(result));
    return result.faults.length === 0;
  }
  const [from, seeds] = [Number(values.from), Number(values.seeds)];
  const totals = { seeds, violations: 0, items: 0, replayed: 0, missed: 0, restarts: 0 };
  for (let seed = from; seed < from + seeds; seed++) {
    const result = await runReplayStory(seed).catch((error: unknown) => String(error));
    if (typeof result === "string") {
      totals.violations++;
      say(`seed ${seed}: ${result}`);
      continue;
    }
    const { faults, items, replayed, missed, restarts } = result;
    if (faults.length > 0) {
      totals.violations++;
      say(`seed ${seed}: ${faults.slice(0, 3).join("; ")}`);
    }
    totals.items += items;
    totals.replayed += replayed;
    totals.missed += missed;
    totals.restarts += restarts;
  }
  if (!values.json) say(`${seeds} seeds, ${totals.violations} violations`);
  say(JSON.stringify(totals));
  return totals.violations === 0;
}

process.exitCode = (await main()) ? 0 : 1;
