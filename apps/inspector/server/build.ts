import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Whether a built page is there that is newer than the sources of the inspector and the packages. */
export function isBuilt(folder: string): boolean {
  const page = join(folder, "index.html");
  if (!existsSync(page)) return false;
  const builtAt = statSync(page).mtimeMs;
  const sources = globSync(
    ["src/**/*.{ts,tsx,css}", "index.html", "../../packages/*/src/**/*.ts"],
    {
      cwd: root,
    },
  );
  return sources.every((source) => statSync(join(root, source)).mtimeMs <= builtAt);
}

/**
 * Builds the page, behind everything else that this machine does.
 *
 * @throws `Error` with what the build said.
 */
export async function buildPage(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve("vite/package.json");
  const vite = join(dirname(manifest), "bin", "vite.js");
  const args = [vite, "build", "--logLevel", "error"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    said += part;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(said.trim() || `vite ended with ${code}`);
}
