import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** Folders that are looked into: more than any sane installation has. */
const foldersMax = 5_000;

/** The versions of a package that are installed below a folder, each once, in order. */
export function copiesOf(folder: string, name: string): string[] {
  const versions = new Set<string>();
  const seen = new Set<string>();
  const waiting = [join(folder, "node_modules")];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!existsSync(next) || seen.size > foldersMax) continue;
    const real = realpathSync(next);
    if (seen.has(real)) continue;
    seen.add(real);
    const version = versionOf(join(next, name));
    if (version !== undefined) versions.add(version);
    for (const found of packagesIn(next)) waiting.push(join(found, "node_modules"));
  }
  return [...versions].sort();
}

function packagesIn(folder: string): string[] {
  const names = readdirSync(folder);
  return names.flatMap((name) => {
    if (name === ".pnpm")
      return readdirSync(join(folder, name)).map((one) => join(folder, name, one));
    if (name.startsWith(".")) return [];
    if (!name.startsWith("@")) return [join(folder, name)];
    return readdirSync(join(folder, name)).map((one) => join(folder, name, one));
  });
}

function versionOf(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const isRecord = typeof manifest === "object" && manifest !== null && "version" in manifest;
    return isRecord ? String(manifest.version) : undefined;
  } catch {
    return undefined; // it is not there
  }
}
