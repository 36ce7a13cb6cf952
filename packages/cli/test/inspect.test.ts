import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNode, type Node, parseInvite } from "mosaik";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openTerminal } from "./open-terminal.ts";

vi.setConfig({ testTimeout: 60_000 });

const page = mkdtempSync(join(tmpdir(), "mosaik-inspect-"));
writeFileSync(join(page, "index.html"), "the page");
let station: Node;
beforeAll(async () => {
  station = await createNode({ network: "inspected", listen: ["127.0.0.1:0"] });
});
afterAll(() => station.close());

function open(...args: readonly string[]) {
  const joining = ["--network", "inspected", "--seed", station.addresses[0] ?? ""];
  return openTerminal([...args, ...joining], { columns: 200 });
}

interface Answer {
  readonly status: number | undefined;
  readonly location: string;
  readonly body: string;
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += chunk));
      response.on("end", () => {
        const { location = "" } = response.headers;
        resolve({ status: response.statusCode, location, body });
      });
    });
    asking.on("error", reject).end();
  });
}

test("inspect serves its page to whoever has its address, and leaves in order at Ctrl-C", async () => {
  const coming: string[] = [];
  const stop = new AbortController();
  void (async () => {
    for await (const event of station.discovery.events({ signal: stop.signal })) {
      if (event.kind === "departed") coming.push(event.reason);
    }
  })();
  const screen = open("inspect", "--no-open", "--port", "0", "--page", page);
  await screen.shows(/open once: http/);
  const [, link = ""] = /open once: (\S+)/.exec(screen.lines().join("\n")) ?? [];
  const { origin, host } = new URL(link);
  const { status, location } = await ask(link);
  expect(status).toBe(302);
  const [path = "", fragment = ""] = location.split("#join=");
  const invite = parseInvite(decodeURIComponent(fragment));
  expect(invite).toMatchObject({ network: "inspected", seeds: [expect.stringMatching(/\/ws/)] });
  expect(await ask(origin + path)).toMatchObject({ status: 200, body: "the page" });
  expect(await ask(link)).toMatchObject({ status: 403 });
  expect(await ask(`${origin}/`)).toMatchObject({ status: 403, body: "" });
  const elsewhere = { origin: "https://attacker.example" };
  expect(await ask(origin + path, elsewhere)).toMatchObject({ status: 403, body: "" });
  const rebound = { host: `attacker.example:${host.split(":").at(-1)}` };
  expect(await ask(origin + path, rebound)).toMatchObject({ status: 421, body: "" });
  screen.process.write("\u0003");
  expect(await screen.ended).toBe(130);
  await vi.waitUntil(() => coming.length > 0, { timeout: 10_000 });
  expect(coming).toEqual(["goodbye"]);
  stop.abort();
  await expect(ask(origin + path)).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("inspect serves nobody but this machine", async () => {
  const screen = open("inspect", "--port", "0.0.0.0:4181", "--page", page);
  expect(await screen.ended).toBe(2);
  await screen.shows(/error\[CLI_USAGE\]: '0\.0\.0\.0:4181' is not of this machine/);
});

test("whatever waits ends at Ctrl-C with 130, and after its time with 124", async () => {
  const present = (): number => station.discovery.catalog.value.peers.size;
  const waiting = open("streams", "sub", "nobody.produces");
  await vi.waitUntil(() => present() === 1, { timeout: 20_000 });
  waiting.process.write("\u0003");
  expect(await waiting.ended).toBe(130);
  const late = open("streams", "sub", "nobody.produces", "--timeout", "2s");
  expect(await late.ended).toBe(124);
  await late.shows(/error\[CLI_TIMEOUT\]: it was not done after 2 s/);
  await vi.waitUntil(() => present() === 0, { timeout: 10_000 });
});
