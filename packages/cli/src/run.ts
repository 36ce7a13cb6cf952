import { CommanderError } from "@commander-js/extra-typings";
import { exitCodes } from "./ends.ts";
import type { Host } from "./host.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command of the command line and returns its exit code. Everything it reads and writes is
 * the host's.
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const program = createProgram(host);
  let begun: { opts(): object } | undefined;
  program.hook("preAction", (_, command) => {
    begun = command;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    // help was asked for and given: nothing else is loaded for it
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const { exitCodeOf } = await import("./exit-code.ts");
    const exitCode = exitCodeOf(error);
    if (exitCode !== exitCodes.ok) {
      const { reportError } = await import("./output/report-error.ts");
      await reportError(host, error, { args, options: begun?.opts() });
    }
    return exitCode;
  }
}
