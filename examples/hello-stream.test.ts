import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const file = fileURLToPath(new URL("./hello-stream.ts", import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

test("the README's quickstart is this example, letter for letter", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, block] = /## Quickstart\n.*?```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(block).toBe(readFileSync(file, "utf8"));
});

test("started twice, one process hears five greetings of the other, which then ends", async () => {
  const listener = start([]);
  const [, args = ""] = await listener.said(/now run: node hello\.ts (.+)\n/);
  const speaker = start(args.split(" "));
  await listener.said(/(?:[0-9a-f]{8} says \d\n){5}/);
  expect(listener.output().match(/\d(?=\n)/g)).toEqual(["1", "2", "3", "4", "5"]);
  expect(await speaker.ended, speaker.output()).toBe(0);
}, 60_000);

/** Runs the example as the README says, and follows what it prints. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, ["--conditions=mosaik-source", file, ...args]);
  running.push(child);
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      for (const listener of [...listeners]) listener();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    output: () => text,
    ended,
    said: (pattern: RegExp): Promise<RegExpExecArray> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended before ${pattern}: ${text}`)));
      }),
  };
}
