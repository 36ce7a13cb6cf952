import { isDeepStrictEqual } from "node:util";
import type { Manifest } from "./repository.ts";
import type { Rule, Violation } from "./violation.ts";

const rule = "package-shape";

/** Every published package has the files and fields that its users and its release rely on. */
export const packageShape: Rule = ({ files, packages }) => {
  const found: Violation[] = [];
  for (const { folder, manifest } of packages.values()) {
    if (!folder.startsWith("packages/")) continue;
    for (const name of ["README.md", "LICENSE", "src/index.ts", "tsconfig.json"]) {
      if (files.has(`${folder}/${name}`)) continue;
      const what = `${manifest.name} has no ${name}`;
      found.push({ rule, file: `${folder}/package.json`, line: 1, what, mend: "write it" });
    }
    const { version: at } = manifest;
    const version = files.get(`${folder}/src/version.ts`);
    if (version !== undefined && !version.includes(`"${at}"`)) {
      const what = "the version is not that of package.json";
      found.push({
        rule,
        file: `${folder}/src/version.ts`,
        line: 1,
        what,
        mend: "node scripts/write-versions.ts",
      });
    }
    for (const [what, mend] of faultsOf(manifest)) {
      found.push({ rule, file: `${folder}/package.json`, line: 1, what, mend });
    }
  }
  return found;
};

function faultsOf(manifest: Manifest): (readonly [what: string, mend: string])[] {
  const { license, type, sideEffects, engines, files, publishConfig, description, exports } =
    manifest;
  const { access, exports: publishedExports } = record(publishConfig);
  const { node } = record(engines);
  const listed = Array.isArray(files) ? files : [];
  const faults: (readonly [boolean, string, string])[] = [
    [license !== "MIT", "`license` is not MIT", 'set "license": "MIT"'],
    [type !== "module", "`type` is not module", 'set "type": "module"'],
    [sideEffects !== false, "`sideEffects` is not false", 'set "sideEffects": false'],
    [
      typeof description !== "string",
      "`description` is missing",
      "say what it is for in a sentence",
    ],
    [typeof node !== "string", "`engines.node` is missing", "name the versions"],
    [!listed.includes("dist"), "`files` lacks dist", 'add "dist"'],
    [!listed.includes("CHANGELOG.md"), "`files` lacks CHANGELOG.md", 'add "CHANGELOG.md"'],
    [access !== "public", "`publishConfig.access` is not public", "set it"],
    [
      !isDeepStrictEqual(publishedExports, withoutSources(exports)),
      "`publishConfig.exports` is not `exports` without its sources",
      "copy `exports` there and take every `mosaik-source` out",
    ],
  ];
  return faults.filter(([isFault]) => isFault).map(([, what, mend]) => [what, mend]);
}

function withoutSources(exports: unknown): unknown {
  if (typeof exports !== "object" || exports === null) return exports;
  const kept = Object.entries(exports).filter(([condition]) => condition !== "mosaik-source");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutSources(value)]));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
