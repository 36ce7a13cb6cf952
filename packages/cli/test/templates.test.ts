import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, expect, test, vi } from "vitest";
import { invoke } from "./invoke.ts";

vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
// within the repository, so that the packages are found; its name is ignored by git
const generated = join(import.meta.dirname, "generated");
const names = ["stream", "group", "store", "browser"] as const;

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });
for (const template of names) {
  const { exitCode } = await invoke(["init", template, "--template", template], { cwd: generated });
  expect(exitCode).toBe(0);
}

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts a program of a template; the first line that it writes of a form. */
async function line(folder: string, args: readonly string[], form: RegExp): Promise<string[]> {
  const child = spawn(process.execPath, ["--conditions=mosaik-source", ...args], {
    cwd: join(generated, folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  for await (const text of createInterface({ input: child.stdout })) {
    const found = form.exec(text);
    if (found !== null) return [...found];
  }
  throw new Error(`${folder} ended without a line like ${form}`);
}

test("every template fits the types", async () => {
  const root = resolve(import.meta.dirname, "../../..");
  const config = { extends: join(root, "tsconfig.base.json"), include: ["*/*.ts"] };
  writeFileSync(join(generated, "tsconfig.json"), JSON.stringify(config));
  const tsc = join(root, "node_modules/.bin/tsc");
  const said = await run(tsc, ["-p", generated]).catch((error: { stdout: string }) => error);
  expect(said.stdout).toBe("");
});

test("stream: two processes talk", async () => {
  const heard = line("stream", ["hello.ts"], /(says) 5/);
  const [, invite = ""] = await lineOfLast(/speaker (\S+)/);
  void line("stream", ["hello.ts", "speaker", invite], /never/).catch(() => {});
  expect(await heard).toContain("says");
});

/** A line of the process that was started last, beside the one that is waited for. */
async function lineOfLast(form: RegExp): Promise<string[]> {
  const { stdout } = children.at(-1) ?? {};
  if (!stdout) throw new Error("nothing was started");
  return new Promise((found) => {
    stdout.on("data", (chunk: Buffer) => {
      const match = form.exec(chunk.toString("utf8"));
      if (match !== null) found([...match]);
    });
  });
}

test("group: three processes elect a leader and count", async () => {
  const first = line("group", ["member.ts"], /the total is (\d)/);
  const [, key = "", invite = ""] = await lineOfLast(/member.ts (\S+) (\S+)/);
  const others = [0, 1].map(() => line("group", ["member.ts", key, invite], /the total is (\d)/));
  const totals = (await Promise.all([first, ...others])).map(([, total]) => Number(total));
  expect(totals.sort()).toEqual([1, 2, 3]);
});

test("store: what one writes the other sees", async () => {
  void line("store", ["shop.ts"], /never/).catch(() => {});
  const [, key = "", invite = ""] = await lineOfLast(/shop.ts (\S+) (\S+)/);
  expect(await line("store", ["shop.ts", key, invite], /nail/)).toHaveLength(1);
});

test("browser: the node that pages come to starts, and says where", async () => {
  const [address = ""] = await line(
    "browser",
    ["server.ts"],
    /http:\/\/localhost:5173\/#mosaik%3A\S+/,
  );
  expect(address).toMatch(/^http/);
});
