import { parseArgs } from "node:util";
import { type Exploration, explore } from "./explore.ts";
import { mutants } from "./mutants.ts";
import { longPlans, plans } from "./plans.ts";
import type { WorldPlan } from "./world.ts";

/*
 * Explores small worlds of the group core to their end:
 *
 *   pnpm verify [--only WORLD] [--states N]          every world, each up to N states at most
 *   pnpm verify --long                               those that take an hour, to their end
 *   pnpm verify --mutants [--only BUG] [--states N]  injected bugs, each in a world where it shows
 *
 * Fails where a rule was broken, where a world did not come to what it is there for, or an injected bug was not found. The last line is the result.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    states: { type: "string" },
    only: { type: "string" },
    mutants: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

function chosen(all: readonly WorldPlan[]): WorldPlan[] {
  const { only, states } = values;
  return all
    .filter(({ name }) => only === undefined || name === only || name.startsWith(`${only}: `))
    .map((plan) => (states === undefined ? plan : { ...plan, statesMax: Number(states) }));
}

interface Timed extends Exploration {
  readonly seconds: number;
}

function run(plan: WorldPlan): Timed {
  const startMs = performance.now();
  const world = explore(plan);
  return { ...world, seconds: Math.round(performance.now() - startMs) / 1_000 };
}

function exploreAll(): boolean {
  let isTrue = true;
  const worlds = chosen(values.long ? longPlans : plans).map((plan) => {
    const { path, ...world } = run(plan);
    const lacks = plan.returns === true && world.returns === 0;
    if (lacks) say(`${world.name}: no change of the voters was taken back`);
    isTrue &&= !lacks;
    const end = world.exhausted ? "all of them" : "and more were left";
    say(`${world.name}: ${world.states} states, ${end}; ${world.seconds} s`);
    if (world.violation !== undefined) say(path.map((line) => `  ${line}`).join("\n"));
    return world;
  });
  const states = worlds.reduce((sum, world) => sum + world.states, 0);
  const violations = worlds.filter((world) => world.violation !== undefined).length;
  process.stdout.write(`${JSON.stringify({ states, violations, worlds })}\n`);
  return isTrue && violations === 0;
}

function huntAll(): boolean {
  const found = chosen(mutants).map((plan) => {
    const { name, states, violation, path, seconds } = run(plan);
    say(`${name}: ${violation === undefined ? "MISSED" : "caught"} at ${states} states`);
    if (values.only !== undefined) say(path.map((line) => `  ${line}`).join("\n"));
    return {
      name,
      killed: violation !== undefined,
      states,
      steps: path.length,
      violation,
      seconds,
    };
  });
  const killed = found.filter((one) => one.killed).length;
  process.stdout.write(`${JSON.stringify({ killed, total: found.length, mutants: found })}\n`);
  return killed === found.length;
}

process.exitCode = (values.mutants ? huntAll() : exploreAll()) ? 0 : 1;
