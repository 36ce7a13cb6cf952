// The tests that feed a decoder or a handshake what a stranger may send, with many more cases than
// when everything is tested: `fuzz [--cases N]`, 100,000 of each where nothing else is said.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { cases: { type: "string", default: "100000" } } });
const files = globSync("packages/*/{src,test}/**/*.test.ts", { cwd: root }).filter((file) =>
  readFileSync(join(root, file), "utf8").includes('inject("fuzzCases")'),
);
const { status } = spawnSync("vitest", ["run", "--test-timeout=600000", ...files], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    FUZZ_CASES: values.cases,
    PATH: [join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
  },
});
process.exitCode = status ?? 1;
