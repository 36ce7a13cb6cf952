import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunCommand, runScenario } from "./scenario.ts";

/**
 * Declares a vitest test for each scenario (`*.txt`) of a directory: its outputs are what the
 * commands print. `vitest -u` rewrites the files to what they print now.
 *
 * @param directory - An absolute path, such as `import.meta.dirname` and a name.
 * @param start - Makes, for each file, what runs its commands.
 * @example
 * ```ts
 * // not run: declares tests, which only vitest can
 * await scenarioSuite(`${import.meta.dirname}/scenarios`, () => {
 *   const node = new RaftNode(config);
 *   return ({ name, args }) => (name === "tick" ? format(node.tick(Number(args[0]))) : "?");
 * });
 * ```
 */
export async function scenarioSuite(directory: string, start: () => RunCommand): Promise<void> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".txt")).sort();
  if (files.length === 0) throw new RangeError(`there is no scenario in ${directory}`);
  for (const file of files) {
    test(file, async () => {
      const path = join(directory, file);
      const printed = await runScenario(await readFile(path, "utf8"), start());
      await expect(printed).toMatchFileSnapshot(path);
    });
  }
}
