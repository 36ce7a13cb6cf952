import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createLeash } from "./leash.ts";

const sleeper = (): ChildProcess => spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);

it("a leash ends what it holds, stopped or not, and not what it was told to forget; a folder goes too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mosaik-leash-"));
  const leash = createLeash("test", folder);
  const [running, stopped, free] = [sleeper(), sleeper(), sleeper()];
  for (const { pid } of [running, stopped, free]) leash.hold(pid ?? 0);
  stopped.kill("SIGSTOP");
  leash.release(free.pid ?? 0);
  const ends = Promise.all([once(running, "exit"), once(stopped, "exit")]);
  await leash.close();
  expect((await ends).map(([, signal]) => signal)).toEqual(["SIGKILL", "SIGKILL"]);
  expect(existsSync(folder)).toBe(false);
  expect(free.exitCode ?? free.signalCode).toBeNull();
  const end = once(free, "exit");
  free.kill("SIGKILL");
  await end;
});

it("a leash ends what it holds when the process that made it is killed", async () => {
  const leash = JSON.stringify(import.meta.resolve("./leash.ts"));
  const program = `
    import { spawn } from "node:child_process";
    const { createLeash } = await import(${leash});
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    createLeash("test").hold(child.pid);
    console.log(child.pid);
    setTimeout(() => {}, 60_000);
  `;
  const maker = spawn(process.execPath, ["--input-type=module", "-e", program]);
  const [line] = await once(maker.stdout, "data");
  const pid = Number(String(line));
  expect(isAlive(pid)).toBe(true);
  maker.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
