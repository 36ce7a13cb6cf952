import { arrows, isOwn, mayUse, packageOf } from "./arrows.ts";
import type { PackageFolder, Repository, SourceModule } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

const rule = "package-arrows";

/** Packages stand only on packages below them: in their package.json and in their imports. */
export const packageArrows: Rule = (repository) => {
  const found: Violation[] = [];
  for (const own of repository.packages.values()) {
    if (!own.folder.startsWith("packages/")) continue;
    found.push(...checkManifest(own));
    for (const module of repository.modules.values()) {
      if (module.folder === own.folder) found.push(...checkImports(repository, own, module));
    }
  }
  return found;
};

function checkManifest({ folder, manifest }: PackageFolder): Violation[] {
  const place = { rule, file: `${folder}/package.json`, line: 1 };
  if (arrows[manifest.name] === undefined) {
    const what = `${manifest.name} has no place among the packages`;
    return [{ ...place, what, mend: "give it one in tooling/tidy/src/arrows.ts" }];
  }
  const found: Violation[] = [];
  for (const field of ["dependencies", "devDependencies", "peerDependencies"] as const) {
    for (const name of Object.keys(manifest[field] ?? {})) {
      if (!isOwn(name) || mayUse(manifest.name, name, field === "devDependencies")) continue;
      const what = `${manifest.name} lists ${name} in its ${field}`;
      found.push({ ...place, what, mend: "no arrow leads there: move what it needs further down" });
    }
  }
  return found;
}

function checkImports(
  { packages }: Repository,
  { folder, manifest }: PackageFolder,
  module: SourceModule,
): Violation[] {
  const found: Violation[] = [];
  const inTests = module.kind === "test" || module.kind === "outside";
  for (const { specifier, line } of module.imports) {
    const place = { rule, file: module.path, line };
    if (leaves(module.path, specifier, folder) && !inTests) {
      const what = `'${specifier}' is a file of another package`;
      found.push({ ...place, what, mend: "import the package by its name" });
    }
    const name = packageOf(specifier);
    if (name === undefined || inTests) {
      if (name !== undefined && packages.has(name) && !mayUse(manifest.name, name, true)) {
        const what = `a test of ${manifest.name} imports ${name}`;
        found.push({ ...place, what, mend: "test it in a package above both" });
      }
      continue;
    }
    if (isOwn(name) && !mayUse(manifest.name, name, false)) {
      const what = `${manifest.name} imports ${name}`;
      found.push({ ...place, what, mend: "no arrow leads there: move what it needs further down" });
    } else if (name !== manifest.name && !isListed(manifest, name)) {
      const what = `'${specifier}' is in no list of dependencies`;
      found.push({ ...place, what, mend: `add ${name} to ${folder}/package.json` });
    }
  }
  return found;
}

function leaves(path: string, specifier: string, folder: string): boolean {
  if (!specifier.startsWith(".")) return false;
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  return !target.startsWith(`${folder}/`);
}

function isListed(
  { dependencies, peerDependencies }: PackageFolder["manifest"],
  name: string,
): boolean {
  return Object.hasOwn({ ...dependencies, ...peerDependencies }, name);
}
