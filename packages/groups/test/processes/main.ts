import { parseArgs } from "node:util";
import { soak } from "./soak.ts";

/*
 * Groups in real processes, for as long as it takes:
 *
 *   pnpm soak groups [--kills 200] [--restarts 20] [--pauses 50] [--seed 1] [--clients 6] [--json]
 *
 * The last line is the result. Fails where anything was lost, applied twice or out of order.
 */

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: "string", default: "200" },
    restarts: { type: "string", default: "20" },
    pauses: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    clients: { type: "string", default: "6" },
    json: { type: "boolean", default: false },
  },
});

const faults = {
  kills: Number(values.kills),
  restarts: Number(values.restarts),
  pauses: Number(values.pauses),
};
const seed = Number(values.seed);
const say = (line: string): boolean => process.stderr.write(`${line}\n`);
const { tally, ...report } = await soak({
  ...faults,
  seed,
  clients: Number(values.clients),
  say,
});
const result = { ...faults, seed, ...tally, ...report, violations: report.violations.length };
if (!values.json) for (const violation of report.violations) say(violation);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
