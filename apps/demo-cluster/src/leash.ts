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

const guard = fileURLToPath(new URL("./guard.ts", import.meta.url));

/**
 * Starts the process that does it, and that removes a folder in the end. The label is for those who
 * look at the list of processes.
 */
export function createLeash(label: string, folder: string): Leash {
  // Detached: no signal of the terminal reaches it.
  const child = spawn(process.execPath, [guard, label, folder], {
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
