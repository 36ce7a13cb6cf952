import { existsSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../errors.ts";

/** Beside the built code, and from the sources. */
const places = ["inspector", "../../dist/inspector"];

/**
 * The folder of the built page.
 *
 * @throws CliError with `CLI_NOT_FOUND` where this package was built without it.
 */
export function pageFolder(): string {
  const folders = places.map((place) => join(import.meta.dirname, place));
  const found = folders.find((folder) => existsSync(join(folder, "index.html")));
  if (found !== undefined) return found;
  throw new CliError("CLI_NOT_FOUND", "this build of @mosaik/cli has no inspector page", {
    hint: "build the repository first: npx -y pnpm@12.21.0 build",
  });
}
