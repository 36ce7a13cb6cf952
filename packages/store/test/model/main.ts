import { parseArgs } from "node:util";
import { kinds, longLists } from "./kinds.ts";

/*
 * Sequences of random changes through every machine and its model:
 *
 *   pnpm soak stores [--sequences 100000] [--seed 1] [--json]
 *
 * A line for each kind. Fails with the smallest sequence that breaks a law. Lists of thousands of
 * items get a hundredth of the sequences.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    sequences: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const sequences = Number(values.sequences);
const seed = Number(values.seed);
for (const [kind, check] of [...kinds, longLists]) {
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
