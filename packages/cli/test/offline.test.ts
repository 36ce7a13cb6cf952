import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { invoke } from "./invoke.ts";

vi.setConfig({ testTimeout: 30_000 });

const secretKey = "1".repeat(64);
const cwd = mkdtempSync(join(tmpdir(), "mosaik-offline-"));
writeFileSync(join(cwd, "key"), secretKey);
const peer = (await invoke(["id", "peer", "key"], { cwd })).out.trim();

async function output(args: readonly string[], around: object = {}): Promise<string> {
  const { exitCode, out, talk } = await invoke(args, { cwd, ...around });
  expect({ args, exitCode, talk }).toEqual({ args, exitCode: 0, talk: "" });
  return out;
}

describe("keys and ids", () => {
  test("the id of a key is that of the file and of the standard input", async () => {
    expect(peer).toMatch(/^[0-9a-f]{64}$/);
    expect(await output(["id", "peer", "-"], { input: secretKey })).toBe(`${peer}\n`);
  });

  test("a name's id is the same everywhere", async () => {
    expect(await output(["id", "stream", "sensor.reading"])).toMatchSnapshot();
    expect(await output(["id", "network", "golden", "--json"])).toMatchSnapshot();
    expect((await invoke(["id", "queue", "x"])).exitCode).toBe(2);
  });

  test("a key goes into a file for its user alone, and never over another", async () => {
    const printed = JSON.parse(await output(["keygen", "--out", "fresh", "--json"]));
    expect(statSync(join(cwd, "fresh")).mode & 0o777).toBe(0o600);
    expect(await output(["id", "peer", "fresh"])).toBe(`${printed.peer}\n`);
    const again = await invoke(["keygen", "--out", "fresh"], { cwd });
    expect(again).toMatchObject({ exitCode: 1, out: "" });
    expect(again.talk).toContain("error[CLI_FILE]");
  });

  test("a key that other programs of libp2p take is the same key here", async () => {
    const { key, peer: made } = JSON.parse(
      await output(["keygen", "--format", "libp2p", "--json"]),
    );
    expect(key).toMatch(/^CAESQ[\w+/]+=*$/);
    expect(await output(["id", "peer", "-"], { input: key })).toBe(`${made}\n`);
  });

  test("keys of groups and secrets of networks are made too", async () => {
    expect(await output(["keygen", "--group"])).toMatch(/^mosaik-key:[0-9a-f]{32}\n$/);
    expect(await output(["keygen", "--network-secret"])).toMatch(/^[\w-]{43}\n$/);
  });
});

describe("tickets", () => {
  const issue = ["ticket", "issue", "--issuer-key", "key", "--class", "inspect:read"];

  test("one is valid for its peer and class, until it ends", async () => {
    const ticket = (await output([...issue, "--sub", peer, "--claims", '{"room":"a"}'])).trim();
    const check = ["ticket", "verify", ticket, "--key", peer];
    const shown = JSON.parse(await output([...check, "--peer", peer, "--class", "inspect:read"]));
    expect(shown).toMatchObject({ valid: true, claims: { iss: peer, sub: peer, room: "a" } });
    for (const more of [
      ["--peer", "0".repeat(64)],
      ["--class", "inspect:write"],
    ]) {
      const refused = await invoke([...check, ...more], { cwd });
      expect(refused).toMatchObject({ exitCode: 6, out: "" });
    }
  });

  test("one that is altered, expired or by another is refused", async () => {
    const ticket = (await output([...issue, "--any"])).trim();
    const [head, , signature] = ticket.split(".");
    const claims = Buffer.from(JSON.stringify({ iss: peer, class: "x", exp: 9e9 }));
    const altered = [head, claims.toString("base64url"), signature].join(".");
    const expired = (await output([...issue, "--any", "--ttl", "0s"])).trim();
    const other = ["ticket", "verify", ticket, "--key", `${"0".repeat(62)}01`];
    for (const [args, reason] of [
      [["ticket", "verify", altered, "--key", peer], "the signature is not by that key"],
      [["ticket", "verify", expired, "--key", peer], "it has expired"],
      [other, ""],
    ] as const) {
      const { exitCode, talk } = await invoke(args, { cwd });
      expect({ exitCode, talk }).toEqual({ exitCode: 6, talk: expect.stringContaining(reason) });
    }
  });

  test("the issuers' keys are fetched, and who does not answer is told from a bad ticket", async () => {
    const ticket = (await output([...issue, "--any"])).trim();
    const kty = { kty: "OKP", crv: "Ed25519", alg: "EdDSA", kid: peer };
    const keys = [{ ...kty, x: Buffer.from(peer, "hex").toString("base64url") }];
    const server = createServer((request, response) => {
      if (request.url === "/keys") response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo; // it listens on one
    const verify = ["ticket", "verify", ticket, "--jwks"];
    const url = `http://127.0.0.1:${port}`;
    expect(JSON.parse(await output([...verify, `${url}/keys`]))).toMatchObject({ valid: true });
    const slow = await invoke([...verify, `${url}/slow`, "--timeout", "50ms"]);
    expect({ exitCode: slow.exitCode, talk: slow.talk }).toEqual({
      exitCode: 124,
      talk: expect.stringContaining("error[CLI_TIMEOUT]"),
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const gone = await invoke([...verify, `${url}/keys`]);
    expect({ exitCode: gone.exitCode, talk: gone.talk }).toEqual({
      exitCode: 4,
      talk: expect.stringContaining("error[CLI_UNREACHABLE]"),
    });
    expect(await invoke([...verify, "nonsense"])).toMatchObject({ exitCode: 2, out: "" });
  });

  test("an invite is read back, its secret not shown", async () => {
    writeFileSync(join(cwd, "secret"), "sixteen bytes and more");
    const args = ["-n", "weather", "-s", "192.0.2.1:4180", "--secret-file", "secret"];
    const carrying = ["--with-secret", "--with-read-key", "--read-key-file", "secret"];
    const invite = (await output(["ticket", "invite", ...carrying, ...args])).trim();
    const shown = await output(["ticket", "inspect", "-"], { input: invite });
    expect(JSON.parse(shown)).toEqual({
      v: 1,
      kind: "invite",
      network: "weather",
      seeds: ["192.0.2.1:4180"],
      carries: ["secret", "readKey"],
    });
  });
});

describe("contexts", () => {
  const env = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), "mosaik-contexts-")) };
  const at = { env };

  test("one is kept for its user alone, selected, used, checked and forgotten", async () => {
    const add = ["context", "add", "field", "-n", "weather", "-s", "192.0.2.1:1", "-t", "1500ms"];
    const kept = JSON.parse(await output(add, at));
    expect(statSync(kept.file).mode & 0o777).toBe(0o600);
    await output(["context", "select", "field"], at);
    const settings = await output(["config", "show", "--sources", "-o", "table"], at);
    expect(settings.replaceAll(/ +/g, " ")).toContain("network weather context field");
    expect(settings.replaceAll(/ +/g, " ")).toContain("timeout 1500 context field");
    expect(await output(["context", "validate", "-o", "table"], at)).toContain("is sound");
    expect(await output(["context", "ls"], at)).toContain('"selected":true');
    writeFileSync(kept.file, '{"colour":"red"}');
    const unsound = await invoke(["context", "validate"], at);
    expect(unsound).toMatchObject({ exitCode: 2, out: "" });
    expect(unsound.talk).toContain("no command has an option for 'colour'");
    await output(["context", "rm", "field", "--yes"], at);
    expect(await output(["context", "ls"], at)).toBe('{"v":1,"contexts":[]}\n');
  });
});

describe("help", () => {
  test("--version says the same as version", async () => {
    expect(await output(["--version"])).toBe(await output(["version"]));
  });

  test("says what there is", async () => {
    const help = await output(["--help"]);
    for (const name of ["init", "node", "peers", "streams", "groups", "store", "inspect"]) {
      expect(help).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
    expect(await output(["peers", "ls", "--help"])).toMatchSnapshot();
  });

  test("misuse is an error that says how to go on, as JSON where that was asked for", async () => {
    const { exitCode, talk } = await invoke(["peers", "list", "--json"]);
    expect(exitCode).toBe(2);
    expect(JSON.parse(talk)).toMatchObject({ v: 1, error: { code: "CLI_USAGE" } });
    for (const args of [[], ["peers"], ["peers", "ls", "--nothing"], ["explain", "NO_SUCH_CODE"]]) {
      const misused = await invoke(args);
      expect([2, 3]).toContain(misused.exitCode);
      expect(misused.talk).toMatch(/error\[CLI_\w+\]: .+\ntry: /);
    }
  });

  test("explain prints the page of a code", async () => {
    expect(await output(["explain", "network_unreachable"])).toMatchSnapshot();
  });
});

describe("completions", () => {
  /** How each shell, without anything of its user's, reads a script and completes `mosaik peers gr`. */
  const shells = [
    [
      "bash",
      ["--norc", "--noprofile", "-c"],
      'source "$1"; complete -p mosaik; COMP_WORDS=(mosaik peers gr); COMP_CWORD=2; _mosaik; printf "%s\\n" $COMPREPLY',
      ["-"],
    ],
    [
      "zsh",
      ["-f", "-c"],
      'source "$1"; print mosaik $_comps[mosaik]; compadd() { print -rl -- $@ | grep "^gr"; }; words=(mosaik peers gr); CURRENT=3; _mosaik',
      ["-"],
    ],
    ["fish", ["--no-config", "-c"], 'source $argv[1]; complete -C "mosaik peers gr"', []],
  ] as const;

  test.each(shells)("for %s offer what there is", async (shell) => {
    const script = await output(["completion", shell]);
    const quoted = shell === "fish" ? /^ +case 'mosaik peers'/m : /^ +"mosaik peers"/m;
    expect(script).toMatch(quoted);
    for (const word of ["graph", shell === "fish" ? "-l with-tag " : "--with-tag"]) {
      expect(script).toContain(word);
    }
  });

  for (const [shell, flags, program, name] of shells) {
    const isMissing = spawnSync(shell, ["--version"]).error !== undefined;
    test.skipIf(isMissing)(`load and complete in ${shell}, where it is installed`, async () => {
      const file = join(cwd, `completion.${shell}`);
      writeFileSync(file, await output(["completion", shell]));
      const said = execFileSync(shell, [...flags, program, ...name, file], { encoding: "utf8" });
      const lines = said.trim().split("\n");
      const bound = { bash: ["complete -o default -F _mosaik mosaik"], zsh: ["mosaik _mosaik"] };
      expect(lines.slice(0, -1)).toEqual(shell === "fish" ? [] : bound[shell]);
      expect(lines.at(-1)).toMatch(/^graph\b/);
    });
  }
});

describe("init", () => {
  test("writes into an empty folder only", async () => {
    const done = JSON.parse(
      await output(["init", "hello", "--template", "stream", "--pm", "pnpm"]),
    );
    expect(done).toMatchObject({ files: expect.arrayContaining(["package.json", "hello.ts"]) });
    expect(existsSync(join(cwd, "hello", "hello.ts"))).toBe(true);
    expect(JSON.parse(readFileSync(join(cwd, "hello", "package.json"), "utf8"))).toMatchObject({
      dependencies: { mosaik: expect.any(String) },
    });
    const again = await invoke(["init", "hello", "--template", "stream"], { cwd });
    expect(again).toMatchObject({ exitCode: 1, out: "" });
  });
});
