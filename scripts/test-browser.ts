// Runs in a real Chromium what a browser runs. Arguments go to vitest. The last line is always
// `N passed, N failed, N skipped`; where there is no Chromium, each file of tests is one skipped.
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findChromium } from "./browser/chromium.ts";
import { browserTests, nodeTests, pageTests } from "./browser/tests.ts";

const root = join(import.meta.dirname, "..");

if (findChromium() === undefined) {
  const files = globSync([...browserTests, ...pageTests], { cwd: root, exclude: nodeTests });
  process.stdout.write(
    "no Chromium: its tests are skipped. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH\n",
  );
  process.stdout.write(`0 passed, 0 failed, ${files.length} skipped\n`);
} else {
  const { PATH = "" } = process.env;
  const env = {
    MOSAIK_SLACK: "5", // of limits on a quiet machine; 1 holds them as they are
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), PATH].join(delimiter),
  };
  const args = ["run", "--config", "vitest.browser.config.ts", ...process.argv.slice(2)];
  const child = spawn("vitest", args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  child.on("close", (code) => {
    process.exitCode = code ?? 1;
  });
}
