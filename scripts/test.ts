// Checks everything: format and lint, types, tests. Stops at the first step that fails. Arguments go
// to vitest. The last line is always `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly passed: boolean;
  /** The line of counts, where the step printed one. */
  readonly counts: string | undefined;
}

const root = join(import.meta.dirname, "..");
const colors = process.stdout.isTTY ? "force" : "off"; // it minds no environment variable
const steps: readonly Step[] = [
  { name: "lint", command: "biome", args: ["ci", `--colors=${colors}`, "."] },
  { name: "typecheck", command: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "tests", command: "vitest", args: ["run", ...process.argv.slice(2)] },
];

function run({ command, args }: Step): Promise<Outcome> {
  const { PATH } = process.env;
  const env = {
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), PATH].join(delimiter),
    ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  let counts: string | undefined;
  createInterface(child.stdout).on("line", (line) => {
    if (/^\d+ passed, \d+ failed, \d+ skipped$/.test(line)) counts = line;
    else process.stdout.write(`${line}\n`);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ passed: code === 0, counts }));
  });
}

let counts: string | undefined;
for (const step of steps) {
  const begin = performance.now();
  const outcome = await run(step);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(`${step.name} ${outcome.passed ? "passed" : "failed"} in ${seconds} s\n`);
  counts = outcome.counts;
  if (outcome.passed) continue;
  process.exitCode = 1;
  break;
}
const failed = process.exitCode === 1 ? 1 : 0;
process.stdout.write(`${counts ?? `0 passed, ${failed} failed, 0 skipped`}\n`);
