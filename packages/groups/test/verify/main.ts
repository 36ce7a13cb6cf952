import { parseArgs } from "node:util";
import { explore } from "./explore.ts";
import { plans } from "./plans.ts";

/*
 * Explores small worlds to their end, or up to a number of states: pnpm verify [--states N] [--json].
 * The last line is the result.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: { states: { type: "string" }, json: { type: "boolean", default: false } },
});

const worlds = plans.map((plan) => {
  const statesMax = values.states === undefined ? plan.statesMax : Number(values.states);
  const world = explore({ ...plan, statesMax });
  process.stderr.write(
    `${world.name}: ${world.states} states${world.exhausted ? ", all" : ""}, depth ${world.depth}${world.violation ? `: ${world.violation}\n  ${world.path.join("\n  ")}` : ""}\n`,
  );
  return world;
});
const states = worlds.reduce((sum, world) => sum + world.states, 0);
const violations = worlds.filter((world) => world.violation !== undefined).length;
process.stdout.write(`${JSON.stringify({ states, violations, worlds })}\n`);
process.exitCode = violations === 0 ? 0 : 1;
