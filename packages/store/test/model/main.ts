import { parseArgs } from "node:util";
import { kinds, longLists } from "./kinds.ts";

/*
 * Sequences of random changes through every machine and its model:
 *
 *   pnpm soak stores [--kind map] [--sequences 100000] [--seed 1] [--json]
 *
 * A line for each kind, or those that are named. Fails with the smallest sequence that breaks a law. Lists of thousands of
 * items get a hundredth of the sequences.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: "string", multiple: true, default: [] },
    sequences: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const sequences = Number(values.sequences);
const seed = Number(values.seed);
const all = [...kinds, longLists];
const chosen = values.kind.length === 0 ? all : all.filter(([kind]) => values.kind.includes(kind));
if (chosen.length === 0) throw new RangeError(`the kinds are ${all.map(([kind]) => kind).join()}`);
for (const [kind, check] of chosen) {
  const begin = performance.now();
  let broken: string | undefined;
  try {
    check({ sequences, seed });
  } catch (error) {
    broken = error instanceof Error ? error.message : String(error);
    process.exitCode = 1;
  }
  const seconds = Math.round((performance.now() - begin) / 100) / 10;
  const told = { kind, sequences, seed, seconds, ...(broken === undefined ? {} : { broken }) };
  const line = `${kind}: ${sequences} sequences in ${seconds} s, ${broken ?? "every law holds"}`;
  process.stdout.write(`${values.json ? JSON.stringify(told) : line}\n`);
}
