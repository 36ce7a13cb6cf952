import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCommand } from "@commander-js/extra-typings";
import { describe, expect, test, vi } from "vitest";
import { processHost } from "../src/host.ts";
import { createProgram, withSubcommands } from "../src/program.ts";
import { acting, inspecting, joining, listing, printing } from "../src/settings/common-options.ts";
import { emptyFolder, invoke } from "./invoke.ts";
import { golden as goldenAt, nowhere, type Run } from "./transcript.ts";

vi.setConfig({ testTimeout: 30_000 });

const cwd = join(emptyFolder, "here");
mkdirSync(cwd);
writeFileSync(join(cwd, "key"), "1".repeat(64));

/** Transcripts of a command that needs no network. */
const golden = (name: string, ...runs: readonly (Run | readonly string[])[]) =>
  goldenAt(
    nowhere,
    name,
    ...runs.map((run) => ({ cwd, ...("args" in run ? run : { args: run }) })),
  );
const out = async (...args: readonly string[]) => (await invoke(args, { cwd })).out.trim();

describe("keys and ids", () => {
  test("keygen", () =>
    golden(
      "keygen",
      ["keygen"],
      ["keygen", "--group"],
      ["keygen", "--out", "fresh"],
      ["keygen", "--out", "fresh"],
    ));
  test("id", () =>
    golden("id", ["id", "stream", "sensor.reading"], ["id", "peer", "key"], ["id", "tree", "oak"]));
});

describe("ticket", () => {
  const issue = ["ticket", "issue", "--issuer-key", "key", "--class", "inspect:read"];
  test("issue", () => golden("ticket-issue", [...issue, "--any"], issue));
  test("verify", async () => {
    const [peer, ticket] = [await out("id", "peer", "key"), await out(...issue, "--any")];
    const verify = ["ticket", "verify", ticket, "--key", peer];
    await golden("ticket-verify", verify, [...verify, "--class", "inspect:write"]);
  });
  test("invite", () =>
    golden(
      "ticket-invite",
      ["ticket", "invite", "--network", "weather", "--seed", "192.0.2.1:4180"],
      ["ticket", "invite", "--network", "weather"],
    ));
  test("inspect", async () => {
    const invite = await out("ticket", "invite", "--network", "weather", "--seed", "192.0.2.1:1");
    await golden(
      "ticket-inspect",
      ["ticket", "inspect", invite],
      ["ticket", "inspect", await out(...issue, "--any")],
      ["ticket", "inspect", "rubbish"],
    );
  });
});

describe("settings", () => {
  const env = { EDITOR: "true" };
  test("context", () =>
    golden(
      "context",
      ["context", "add", "field", "--network", "weather", "--seed", "192.0.2.1:4180"],
      ["context", "add", "field/1"],
      ["context", "select", "field"],
      ["context", "select", "sea"],
      ["context", "ls"],
      ["context", "ls", "field"],
      ["context", "show"],
      ["context", "show", "sea"],
      { args: ["context", "edit", "field"], env },
      ["context", "edit", "field"],
      ["context", "validate"],
      ["context", "validate", "sea"],
      ["context", "rm", "field"],
      ["context", "rm", "field", "--yes"],
      ["context", "add", "field", "--network", "weather", "--json"],
      ["context", "ls", "--json"],
      ["context", "show", "field", "--json"],
      ["context", "validate", "field", "--json"],
      ["context", "select", "field", "--json"],
      { args: ["context", "edit", "field", "--json"], env },
      ["context", "rm", "field", "--yes", "--json"],
    ));
  test("config show", () =>
    golden(
      "config-show",
      {
        args: ["config", "show", "--sources", "--timeout", "3s"],
        env: { MOSAIK_NETWORK: "weather" },
      },
      { args: ["config", "show"], env: { MOSAIK_TIMEOUT: "soon" } },
    ));
});

describe("what explains", () => {
  test("init", () =>
    golden(
      "init",
      ["init", "hello", "--template", "stream"],
      ["init", "hello"],
      ["init", "other", "--template", "group", "--json"],
    ));
  test("completion", () =>
    golden(
      "completion",
      {
        args: ["completion", "bash"],
        show: (script) => script.match(/^complete .*\n/m)?.[0] ?? "",
      },
      ["completion", "tcsh"],
    ));
  test("explain", () =>
    golden("explain", ["explain", "CLI_TIMEOUT"], ["explain"], ["explain", "NOTHING"]));
  test("version", () => golden("version", ["version"], ["version", "two"]));
});

const program = createProgram(processHost(new AbortController().signal));
const commands = withSubcommands(program);
const pathOf = (command: (typeof commands)[number]): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

test("the tree of commands, and the options of each, are these", async () => {
  const shared = Object.entries({ acting, listing, inspecting, joining, printing }).map(
    ([name, add]) => ({ name, all: add(createCommand()).options.map(({ long }) => long) }),
  );
  const lines = commands.map((command) => {
    const options = command.options.map(({ long }) => long);
    const common = shared.find(({ all }) => all.every((one) => options.includes(one)));
    const own = options.filter((one) => !common?.all.includes(one));
    return [pathOf(command), command.usage(), common?.name, ...own].filter(Boolean).join("  ");
  });
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("golden/tree.txt");
});

describe("every command has a transcript of a success, of a failure, and as JSON:", () => {
  const folder = join(import.meta.dirname, "golden");
  const transcripts = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8").split(/^(?=\$ )/m),
  );
  test.each(commands.filter(({ commands: below }) => below.length === 0).map(pathOf))(
    "%s",
    (path) => {
      const own = transcripts.filter((one) => `${one.split("\n")[0]} `.startsWith(`$ ${path} `));
      const exits = own.map((one) => /^exit (\d+)$/m.exec(one)?.[1] ?? "none");
      expect(exits).toEqual(expect.arrayContaining([expect.stringMatching(/^(0|130)$/)]));
      expect(exits).toEqual(expect.arrayContaining([expect.stringMatching(/^([1-7]|124)$/)]));
      const { options } = commands.find((one) => pathOf(one) === path) ?? { options: [] };
      if (!options.some(({ long }) => long === "--json")) return;
      expect(own.some((one) => / --json\b/.test(one.split("\n")[0] ?? ""))).toBe(true);
    },
  );
});
