import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Holds processes that must not outlive this one, whatever ends it. */
export interface Leash {
  /** The process that holds them. */
  readonly pid: number;
  /** From now on a process ends when this one does. */
  hold(pid: number): void;
  /** Forgets a process that has ended: its number may be another's soon. */
  release(pid: number): void;
  /** Ends those that are held, and lets go. Resolves when that is done. */
  close(): Promise<void>;
}

const guard = import.meta.url.endsWith(".ts") ? "./guard.ts" : "./guard.js";

/**
 * Starts a process that outlives this one just long enough to kill (SIGKILL) those that are held
 * then: also where this one is killed itself, and those are stopped.
 *
 * @param label - For those who look at the list of processes.
 * @param folder - Is removed in the end.
 * @example
 * ```ts
 * import { spawn } from "node:child_process";
 * import { createLeash } from "@mosaik/testing/processes";
 *
 * const leash = createLeash("an example");
 * const child = spawn("sleep", ["60"]);
 * leash.hold(child.pid ?? 0);
 * await leash.close();
 * ```
 */
export function createLeash(label: string, folder = ""): Leash {
  // Detached: no signal of the terminal reaches it.
  const program = fileURLToPath(new URL(guard, import.meta.url));
  const child = spawn(process.execPath, [program, label, folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.stdin.on("error", () => {}); // killed by somebody: nothing to tell it any more
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid: child.pid ?? 0,
    hold: (pid) => void child.stdin.write(`+${pid}\n`),
    release: (pid) => void child.stdin.write(`-${pid}\n`),
    close() {
      child.stdin.end();
      return ended;
    },
  };
}
