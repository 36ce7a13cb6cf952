import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { openTerminal } from "./open-terminal.ts";

vi.setConfig({ testTimeout: 60_000 });

const enter = "\r";
const down = "\u001b[B";
const controlC = "\u0003";
const folder = (): string => mkdtempSync(join(tmpdir(), "mosaik-prompts-"));

describe("init", () => {
  test("asks for what it was not told, shows what was chosen, and writes that", async () => {
    const cwd = folder();
    const screen = openTerminal(["init"], { cwd });
    await screen.shows(/Into which folder\?/);
    screen.process.write(`counting${enter}`);
    await screen.shows(/What should it show\?/);
    await screen.shows(/[●>] stream \(who hears whom\)/);
    screen.process.write(down);
    await screen.shows(/[●>] group \(three that elect a leader\)/);
    screen.process.write(enter);
    await screen.shows(/What installs its packages\?/);
    screen.process.write(enter);
    expect(await screen.ended).toBe(0);
    await screen.shows(/npm install/);
    const written = readdirSync(join(cwd, "counting"));
    expect(written).toEqual(expect.arrayContaining(["counter.ts", "member.ts", "package.json"]));
  });

  test("that is interrupted while it asks writes nothing, and ends with 130", async () => {
    const cwd = folder();
    const screen = openTerminal(["init", "--template", "group"], { cwd });
    await screen.shows(/Into which folder\?/);
    screen.process.write(controlC);
    expect(await screen.ended).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe("what cannot be undone", () => {
  const env = { XDG_CONFIG_HOME: folder() };
  const cwd = folder();
  const kept = join(env.XDG_CONFIG_HOME, "mosaik", "contexts", "field.json");
  const remove = () => openTerminal(["context", "rm", "field"], { cwd, env });

  test("is done where the answer is yes, and not by no, nothing or Ctrl-C", async () => {
    const add = ["context", "add", "field", "-n", "weather", "-s", "192.0.2.1:1"];
    expect(await openTerminal(add, { cwd, env }).ended).toBe(0);
    for (const [answer, exitCode] of [
      [`n${enter}`, 2],
      [enter, 2],
      [controlC, 130],
      [`y${enter}`, 0],
    ] as const) {
      expect(existsSync(kept)).toBe(true);
      const screen = remove();
      await screen.shows(/field.*\[y\/N\]/);
      screen.process.write(answer);
      expect({ answer, exitCode: await screen.ended }).toEqual({ answer, exitCode });
      if (exitCode === 2) await screen.shows(/error\[CLI_NOT_CONFIRMED\]: it was not confirmed/);
    }
    expect(existsSync(kept)).toBe(false);
  });
});
