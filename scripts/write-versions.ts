/** Writes the version of each package into its sources: after `changeset version`, before a commit. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

for (const name of readdirSync("packages")) {
  const file = `packages/${name}/src/version.ts`;
  if (!existsSync(file)) continue;
  const { version } = JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8"));
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/(version = ")[^"]*/, `$1${version}`));
}
