import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { invoke, type Surroundings } from "./invoke.ts";

async function settings(args: readonly string[], around: Surroundings): Promise<unknown> {
  const { exitCode, out, talk } = await invoke(["config", "show", "--json", ...args], around);
  expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: "" });
  const { settings: rows }: { settings: { name: string; value: unknown; source: string }[] } =
    JSON.parse(out);
  return Object.fromEntries(rows.map(({ name, value, source }) => [name, [value, source]]));
}

describe("where settings come from", () => {
  const cwd = mkdtempSync(join(tmpdir(), "mosaik-settings-"));
  writeFileSync(
    join(cwd, "mosaik.config.json"),
    JSON.stringify({ network: "of the file", seed: ["a:1", "b:2"], mdns: true, timeout: "3s" }),
  );

  test("the config file says what nobody else does", async () => {
    expect(await settings([], { cwd })).toMatchObject({
      network: ["of the file", "mosaik.config.json"],
      seed: [["a:1", "b:2"], "mosaik.config.json"],
      mdns: [true, "mosaik.config.json"],
      timeout: [3_000, "mosaik.config.json"],
    });
  });

  test("the environment goes before it, the command line before all", async () => {
    const env = { MOSAIK_NETWORK: "of the environment", MOSAIK_SEED: "c:3,d:4", MOSAIK_MDNS: "0" };
    expect(await settings(["--network", "of the line"], { cwd, env })).toMatchObject({
      network: ["of the line", "command line"],
      seed: [["c:3", "d:4"], "MOSAIK_SEED"],
      mdns: [false, "MOSAIK_MDNS"],
    });
  });

  test("a secret is not shown, and only one of the ways to say it counts", async () => {
    const env = { MOSAIK_SECRET: "from the environment" };
    const shown = await settings(["--secret-file", "x"], { cwd, env });
    expect(shown).toMatchObject({ secretFile: ["x", "command line"] });
    expect(shown).not.toHaveProperty("secret");
    expect(await settings([], { cwd, env })).toMatchObject({
      secret: ["[secret]", "MOSAIK_SECRET"],
    });
  });

  test("what does not fit is an error that names its source", async () => {
    const env = { MOSAIK_TIMEOUT: "soon" };
    const { exitCode, talk } = await invoke(["config", "show"], { env });
    expect(exitCode).toBe(2);
    expect(talk).toContain(
      "error[CLI_BAD_CONFIG]: '--timeout' cannot be 'soon', as MOSAIK_TIMEOUT",
    );
  });

  test("an option that is needed may come from the environment too", async () => {
    writeFileSync(join(cwd, "key"), "1".repeat(64));
    const env = { MOSAIK_ISSUER_KEY: "key", MOSAIK_CLASS: "inspect:read" };
    const issued = await invoke(["ticket", "issue", "--any"], { cwd, env });
    expect(issued).toMatchObject({ exitCode: 0, talk: "" });
    const missing = await invoke(["ticket", "issue", "--any", "--class", "a"], { cwd });
    expect(missing.talk).toContain("error[CLI_USAGE]: --issuer-key is needed");
  });

  test("errors are JSON wherever that was asked for", async () => {
    const args = ["context", "show", "nothing"];
    const asJson = mkdtempSync(join(tmpdir(), "mosaik-settings-"));
    writeFileSync(join(asJson, "mosaik.config.json"), JSON.stringify({ output: "json" }));
    for (const around of [
      { env: { MOSAIK_JSON: "1" } },
      { env: { MOSAIK_OUTPUT: "ndjson" } },
      { cwd: asJson },
    ]) {
      const { talk } = await invoke(args, around);
      expect(JSON.parse(talk)).toMatchObject({ v: 1, error: { code: "CLI_NOT_FOUND" } });
    }
    const table = await invoke([...args, "--output", "table"], { env: { MOSAIK_OUTPUT: "json" } });
    expect(table.talk).toContain("error[CLI_NOT_FOUND]: ");
    const early = await invoke(["nothing"], { env: { MOSAIK_JSON: "1" } });
    expect(JSON.parse(early.talk)).toMatchObject({ error: { code: "CLI_USAGE" } });
  });

  test("what counts how often it is said is a number in the environment", async () => {
    const env = { MOSAIK_VERBOSE: "2" };
    expect(await settings([], { env })).toMatchObject({ verbose: [2, "MOSAIK_VERBOSE"] });
    expect(await settings(["-vv"], {})).toMatchObject({ verbose: [2, "command line"] });
  });

  test("a secret as a plain argument works, with a warning", async () => {
    const { exitCode, out, talk } = await invoke(["config", "show", "--secret", "hush hush hush"]);
    expect(exitCode).toBe(0);
    expect(talk).toContain("--secret-file");
    expect(out + talk).not.toContain("hush");
  });

  test("so does a secret in an invite", async () => {
    writeFileSync(join(cwd, "secret"), "hush hush hush hush");
    const make = ["ticket", "invite", "-n", "weather", "-s", "192.0.2.1:1"];
    const plain = (await invoke(make, { cwd })).out.trim();
    const secret = ["--with-secret", "--secret-file", "secret"];
    const carrying = (await invoke([...make, ...secret], { cwd })).out.trim();
    const warning = "warning: whoever lists processes can read the secret in this invite";
    expect(await invoke(["config", "show", "-n", plain])).toMatchObject({ exitCode: 0, talk: "" });
    for (const args of [
      ["config", "show", "-n", carrying],
      ["ticket", "inspect", carrying],
    ]) {
      const { exitCode, talk } = await invoke(args);
      expect({ exitCode, talk }).toEqual({ exitCode: 0, talk: expect.stringContaining(warning) });
    }
    const quiet = await invoke(["config", "show"], { env: { MOSAIK_NETWORK: carrying } });
    expect(quiet).toMatchObject({ exitCode: 0, talk: "" });
  });
});
