import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { vi } from "vitest";

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url));

/** Where a command runs, and how large its terminal is. */
export interface TerminalInit {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `mosaik` in a process and on a terminal of its own, whose screen can be read. */
export function openTerminal(args: readonly string[], init: TerminalInit = {}) {
  const { columns = 110, rows = 24, cwd = process.cwd(), env = {} } = init;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let title = "";
  terminal.onTitleChange((text) => (title = text));
  const command = spawn(process.execPath, ["--conditions=mosaik-source", bin, ...args], {
    cols: columns,
    rows,
    cwd,
    env: { ...process.env, TERM: "xterm-256color", ...env },
  });
  command.onData((data) => terminal.write(data));
  const ended = new Promise<number>((resolve) =>
    command.onExit(({ exitCode }) => resolve(exitCode)),
  );
  const lines = (): string[] =>
    Array.from(
      { length: rows },
      (_, at) => terminal.buffer.active.getLine(at)?.translateToString(true) ?? "",
    );
  /** Waits for a line of a form. */
  const shows = (words: RegExp): Promise<unknown> =>
    vi.waitUntil(() => lines().some((line) => words.test(line)), { timeout: 20_000, interval: 20 });
  return { terminal, process: command, ended, lines, shows, title: () => title };
}
