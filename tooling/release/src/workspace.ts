import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The root of the repository. */
export const root = join(import.meta.dirname, "..", "..", "..");

/** A package that is published. */
export interface Published {
  readonly name: string;
  readonly folder: string;
  /** The names of the packages of this repository that it needs to run. */
  readonly needs: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** All packages that are published, by name. */
export async function publishedPackages(): Promise<ReadonlyMap<string, Published>> {
  const packages = new Map<string, Published>();
  for await (const file of glob("packages/*/package.json", { cwd: root })) {
    const manifest: Manifest = JSON.parse(await readFile(join(root, file), "utf8"));
    if (manifest.private) continue;
    const needs = Object.entries(manifest.dependencies ?? {})
      .filter(([, range]) => range.startsWith("workspace:"))
      .map(([name]) => name);
    packages.set(manifest.name, { name: manifest.name, folder: join(root, dirname(file)), needs });
  }
  return packages;
}

/** A package and all packages of this repository that it needs, directly or not. */
export function withNeeds(
  packages: ReadonlyMap<string, Published>,
  name: string,
  found: Set<string> = new Set(),
): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const need of packages.get(name)?.needs ?? []) withNeeds(packages, need, found);
  return found;
}
