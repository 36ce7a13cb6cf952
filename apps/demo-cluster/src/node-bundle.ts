// All that a node's process runs, in one file. Ten processes that each resolve a thousand modules
// keep a small machine busy for seconds; one file each is loaded at once.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

/** Modules of CommonJS among the dependencies ask for Node's own with `require`. */
const banner =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/**
 * Writes `node-process.ts` and all that it imports as one module into a folder; answers its path.
 *
 * @throws `BuildFailure` of esbuild where a source does not parse or is missing.
 */
export function bundleNodeProcess(folder: string): string {
  const outfile = join(folder, "node-process.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("./node-process.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["mosaik-source"],
    banner: { js: banner },
    logLevel: "silent",
  });
  return outfile;
}
