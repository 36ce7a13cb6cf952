// Checks everything: format and lint, types, tests, tests in a browser. Stops at the first step that
// fails. Arguments go to vitest, and leave the browser out. The last line is always
// `N passed, N failed, N skipped`, of all steps.
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Outcome {
  readonly passed: boolean;
  /** What the step counted, where it did. */
  readonly counts: Counts | undefined;
}

const root = join(import.meta.dirname, "..");
const colors = process.stdout.isTTY ? "force" : "off"; // it minds no environment variable
const filters = process.argv.slice(2);
const steps: readonly Step[] = [
  { name: "lint", command: "biome", args: ["ci", `--colors=${colors}`, "."] },
  { name: "typecheck", command: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "tests", command: "vitest", args: ["run", ...filters] },
  ...(filters.length > 0
    ? []
    : [{ name: "browser tests", command: "node", args: ["scripts/test-browser.ts"] }]),
];

function run({ command, args }: Step): Promise<Outcome> {
  const { PATH } = process.env;
  const env = {
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), PATH].join(delimiter),
    ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" }),
  };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  let counts: Counts | undefined;
  createInterface(child.stdout).on("line", (line) => {
    const [, passed, failed, skipped] =
      /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(line) ?? [];
    if (passed === undefined) return void process.stdout.write(`${line}\n`);
    counts = { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) };
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ passed: code === 0, counts }));
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps) {
  const begin = performance.now();
  const { passed, counts } = await run(step);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(`${step.name} ${passed ? "passed" : "failed"} in ${seconds} s\n`);
  total.passed += counts?.passed ?? 0;
  total.failed += counts?.failed ?? 0;
  total.skipped += counts?.skipped ?? 0;
  if (passed) continue;
  process.exitCode = 1;
  total.failed = Math.max(1, total.failed); // also where the step counts nothing
  break;
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
