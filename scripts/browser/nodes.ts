import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { defineBrowserCommand } from "@vitest/browser-playwright";

const root = join(import.meta.dirname, "..", "..");
const nodes = new Map<number, ChildProcess>();

/** Runs a program, named by its path from the root, in a process of Node; answers its first line. */
export const startNode = defineBrowserCommand<[path: string]>(async (_context, path) => {
  const args = ["--conditions=mosaik-source", join(root, path)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const pid = child.pid ?? 0;
  nodes.set(pid, child);
  return { pid, line: String(line) };
});

/** Kills it at once, or asks it to end. */
export const stopNode = defineBrowserCommand<[pid: number, signal: "SIGKILL" | "SIGTERM"]>(
  async (_context, pid, signal) => {
    const child = nodes.get(pid);
    nodes.delete(pid);
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  },
);

declare module "vitest/browser" {
  interface BrowserCommands {
    startNode(path: string): Promise<{ readonly pid: number; readonly line: string }>;
    stopNode(pid: number, signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  }
}
