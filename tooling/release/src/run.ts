import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { root } from "./workspace.ts";

const outputBytesMax = 64 * 2 ** 20;

/** A command that ended with another code than 0. Its message holds all that it printed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/**
 * Runs a command to its end, with the repository's own tools first on the path, and returns what it
 * printed.
 *
 * @throws CommandError where it fails.
 */
export function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs?: number } = {},
): Promise<string> {
  const { PATH } = process.env;
  const env = {
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), PATH].join(delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    NO_COLOR: "1",
  };
  const { cwd = root, timeoutMs = 0 } = options;
  return new Promise((resolve, reject) => {
    const limits = { maxBuffer: outputBytesMax, timeout: timeoutMs };
    execFile(command, [...args], { cwd, env, ...limits }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const line = [command, ...args].join(" ");
      reject(new CommandError(`${line}\n${stdout}${stderr}`, { cause: error }));
    });
  });
}

/** Runs pnpm, the version that the repository is pinned to. */
export function pnpm(
  args: readonly string[],
  options?: { readonly cwd?: string },
): Promise<string> {
  return run("npx", ["-y", "pnpm@12.21.0", ...args], options);
}
