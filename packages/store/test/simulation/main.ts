import { parseArgs } from "node:util";
import { runReplayStory } from "./replay-story.ts";
import { runViewStory } from "./view-story.ts";

/*
 * The simulator's command line:
 *
 *   pnpm sim replay|views --seeds 200 [--from 1] [--json]    many seeds
 *   pnpm sim replay|views --seed 7                           one seed again
 *
 * Fails where a rule was broken. With --json the last line of the output is the result.
 */

const stories = { replay: runReplayStory, views: runViewStory };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "100" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const run = positionals[0] === "views" ? stories.views : stories.replay;

async function main(): Promise<boolean> {
  if (values.seed !== undefined) {
    const result = await run(Number(values.seed));
    say(JSON.stringify(result));
    return result.faults.length === 0;
  }
  const [from, seeds] = [Number(values.from), Number(values.seeds)];
  let violations = 0;
  const totals = new Map<string, number>();
  for (let seed = from; seed < from + seeds; seed++) {
    const { faults, counts } = await counted(seed);
    if (faults.length > 0) {
      violations++;
      say(`seed ${seed}: ${faults.slice(0, 3).join("; ")}`);
    }
    for (const [name, count] of counts) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  if (!values.json) say(`${seeds} seeds, ${violations} violations`);
  say(JSON.stringify({ seeds, violations, ...Object.fromEntries(totals) }));
  return violations === 0;
}

/** What was wrong with a seed, and all that it counted. */
async function counted(seed: number) {
  try {
    const { faults, seed: _, ...facts } = await run(seed);
    const isCount = (fact: [string, unknown]): fact is [string, number] =>
      typeof fact[1] === "number";
    return { faults, counts: Object.entries(facts).filter(isCount) };
  } catch (error) {
    return { faults: [String(error)], counts: [] };
  }
}

process.exitCode = (await main()) ? 0 : 1;
