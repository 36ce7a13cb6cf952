import { parseRepository } from "./repository.ts";
import type { Rule } from "./violation.ts";

const manifests = Object.fromEntries(
  ["primitives", "testing", "transport", "discovery", "streams", "groups"].map((name) => [
    `packages/${name}/package.json`,
    JSON.stringify({
      name: `@mosaik/${name}`,
      exports: { ".": { "mosaik-source": "./src/index.ts" } },
      dependencies: { "@mosaik/primitives": "workspace:^", valibot: "1.5.0" },
    }),
  ]),
);

/** The places, as `file:line`, where a rule is broken by the files given beside a sound workspace. */
export function brokenAt(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  const repository = parseRepository(new Map(Object.entries({ ...manifests, ...files })));
  return rule(repository).map(({ file, line }) => `${file}:${line}`);
}
