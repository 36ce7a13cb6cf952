import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const bin = fileURLToPath(new URL("../../../packages/cli/src/bin.ts", import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

test("the story without a terminal: all checks hold, and it ends with one line of JSON", async () => {
  const demo = start(["--headless", "--seconds", "120", "--slack", "5", "--json"]);
  const code = await demo.ended;
  const lines = demo.stdout().trimEnd().split("\n");
  const result = JSON.parse(lines.at(-1) ?? "");
  const failed = result.checks.filter((check: { ok: boolean }) => !check.ok);
  expect(failed, demo.stderr()).toEqual([]);
  expect(result).toMatchObject({ ok: true, streams: 3 });
  expect(result.nodes).toBeGreaterThanOrEqual(10);
  expect(result.items).toBeGreaterThan(1_000);
  expect(lines).toHaveLength(1);
  expect(demo.stderr()).toContain("pass  its data flows again after its restart");
  expect(demo.stderr()).toContain("pass  another leads, and entries are committed again");
  expect(demo.stderr()).toContain("pass  no acknowledged entry of the ledger is lost");
  expect(code).toBe(0);
  expect(processesOf(demo.network)).toEqual([]);
}, 150_000);

test("it is scraped for Prometheus, and Ctrl-C leaves no process behind", async () => {
  const demo = start(["--seconds", "60", "--metrics"]);
  await allStarted(demo.network);
  const dashboard = await mosaik("metrics", "--generate", "grafana");
  const named = names(dashboard, /\bmosaik_[a-z_]+/g);
  const scrape = async (): Promise<string> => {
    const urls = demo.stdout().match(/http:\/\/[\d.:]+\/metrics/g) ?? [];
    return (await Promise.all(urls.map(get))).join("");
  };
  const declared = names(await scrape(), /(?<=^# TYPE )mosaik_[a-z_]+/gm);
  expect(declared).toEqual(named);
  // some have still to be up, and to join their group
  const isMissing = async (): Promise<string[]> => {
    const sampled = names(await scrape(), /^mosaik_[a-z_]+(?=[{ ])/gm);
    return [...named].filter((name) => !sampled.has(name) && !ofTrouble.has(name));
  };
  await expect.poll(isMissing, { timeout: 30_000 }).toEqual([]);
  demo.child.kill("SIGINT");
  expect(await demo.ended).toBe(130);
  expect(demo.stdout()).toContain("interrupted by SIGINT");
  expect(processesOf(demo.network)).toEqual([]);
}, 120_000);

test("a supervisor that is killed leaves no process behind, not even a paused one", async () => {
  const demo = start(["--seconds", "60"]);
  await allStarted(demo.network);
  const [paused] = processesOf(demo.network).filter((line) => line.includes("name=sensor-4"));
  const pid = Number(paused?.trim().split(/\s+/)[0]);
  process.kill(pid, "SIGSTOP");
  demo.child.kill("SIGKILL");
  await demo.ended;
  await expect.poll(() => processesOf(demo.network), { timeout: 20_000 }).toEqual([]);
}, 120_000);

test("a wrong option is refused, and --help explains", async () => {
  const wrong = start(["--minutes", "3"]);
  expect(await wrong.ended).toBe(2);
  expect(wrong.stderr()).toContain("--minutes");
  const help = start(["--help"]);
  expect(await help.ended).toBe(0);
  expect(help.stdout()).toContain("--headless");
});

/** What is counted only where something goes wrong, and of each reason by itself. */
const ofTrouble = new Set([
  "mosaik_connections_closed_total",
  "mosaik_connections_refused_total",
  "mosaik_dials_failed_total",
  "mosaik_discovery_gossip_dropped_total",
  "mosaik_discovery_peers_departed_total",
  "mosaik_stream_refusals_total",
  "mosaik_stream_too_slow_total",
]);

/** The metrics that a text names in a form. */
function names(said: string, form: RegExp): Set<string> {
  const found = [...said.matchAll(form)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));
  return new Set(found.sort());
}

/** What a server answers. */
async function get(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/** What a command of ours prints. */
async function mosaik(...args: readonly string[]): Promise<string> {
  const command = ["--conditions=mosaik-source", bin, ...args];
  return (await promisify(execFile)(process.execPath, command, { maxBuffer: 2 ** 26 })).stdout;
}

/** Runs the demo, without a terminal, and follows what it says. */
function start(args: readonly string[]) {
  const network = `test-${process.pid}-${running.length}-${Date.now()}`;
  const named = args.includes("--help") ? args : [...args, "--network", network];
  const child = spawn(process.execPath, ["--conditions=mosaik-source", main, ...named], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (part: string) => {
      said[name] += part;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    child,
    network,
    ended,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
  };
}

/** Waits until every node has its process: some are still on their way into the network then. */
async function allStarted(network: string): Promise<void> {
  const count = (): number => processesOf(network).length;
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThanOrEqual(10);
}

/** The processes whose command line names a network: `pid command`. */
function processesOf(network: string): string[] {
  return listProcesses().filter((line) => line.includes(network));
}

function listProcesses(): string[] {
  if (process.platform !== "linux") {
    return execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  }
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`;
    } catch {
      return []; // it has ended in between
    }
  });
}
