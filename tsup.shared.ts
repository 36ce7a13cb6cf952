import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import type { Options } from "tsup";

/** Sources by the name of what is built of them, as in `{ index: "src/index.ts" }`. */
type Entries = Readonly<Record<string, string>>;

/** How a package is built that runs wherever its imports do: one module, and its types, per entry. */
export function library(entry: Entries): Options {
  return {
    entry,
    format: ["esm"],
    target: "es2024",
    platform: "neutral",
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: false,
    onSuccess: () => buildTypes(entry),
  };
}

/**
 * Writes the type declarations of the entries of a package, the one whose folder is the current one.
 * The native compiler declares each source, and what belongs to an entry becomes one file.
 */
export async function buildTypes(entry: Entries): Promise<void> {
  const declared = mkdtempSync(resolve("node_modules", ".types-")); // where imports resolve as in src
  try {
    declare(declared, Object.values(entry));
    const bundle = await rolldown({
      input: Object.fromEntries(
        Object.entries(entry).map(([name, source]) => [
          name,
          join(declared, source.replace(/\.ts$/, ".d.ts")),
        ]),
      ),
      external: /^[^./]/, // packages are imported, as they are by the code
      plugins: [dts({ dtsOnly: true, tsconfig: false })],
    });
    await bundle.write({ dir: "dist", format: "es" });
  } finally {
    rmSync(declared, { recursive: true, force: true });
  }
}

function declare(outDir: string, sources: readonly string[]): void {
  const project = join(outDir, "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    sourceMap: false,
    rootDir: resolve("."),
    outDir,
  };
  const files = sources.map((source) => resolve(source));
  const base = resolve("../../tsconfig.base.json");
  writeFileSync(project, JSON.stringify({ extends: base, compilerOptions, files }));
  const compiler = resolve("../../node_modules/typescript7/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
}
