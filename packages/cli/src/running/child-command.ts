import { spawn } from "node:child_process";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";

/** A command of the user's that runs. */
export interface ChildCommand {
  /**
   * Its exit code, 1 where a signal ended it.
   *
   * @throws CliError with `CLI_USAGE` where it cannot be run.
   */
  readonly exit: Promise<number>;
  /** Asks it to end; after a while it is killed. */
  end(): void;
}

/** A command has this long to end by itself; then it is killed. */
const graceMs = 5_000;

/** Runs a command with our terminal, in our folder, and with our environment and some more. */
export function startCommand(
  host: Host,
  [program = "", ...args]: readonly string[],
  more: Readonly<Record<string, string>>,
): ChildCommand {
  const env = { ...host.env, ...more };
  const child = spawn(program, args, { stdio: "inherit", env, cwd: host.cwd });
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `${program} cannot be run: ${cause.code}`;
      reject(new CliError("CLI_USAGE", message, { cause }));
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
  return {
    exit,
    end: () => {
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), graceMs).unref();
    },
  };
}
