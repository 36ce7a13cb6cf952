import { request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { createNode, defineStream, type Node } from "mosaik";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allMetrics } from "../src/metrics/all-metrics.ts";
import { exposition } from "../src/metrics/exposition.ts";
import { grafanaDashboard } from "../src/metrics/grafana.ts";
import { type Invoked, invoke } from "./invoke.ts";

vi.setConfig({ testTimeout: 30_000 });

const known = new Set(Object.values(allMetrics).flatMap((all) => all.map(({ name }) => name)));
const Reading = defineStream("sensor.reading");
let station: Node;
let join: string[];

beforeAll(async () => {
  station = await createNode({ network: "metrics", listen: ["127.0.0.1:0"] });
  join = ["--network", "metrics", "--seed", station.addresses[0] ?? ""];
  station.streams.produce(Reading);
});
afterAll(() => station.close());

/** The samples of an exposition: name with labels, and number. Throws where a line is none. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "" || /^# (HELP|TYPE) [a-z_]+ \S/.test(line)) continue;
    const [, name, number] =
      /^([a-z_]+(?:\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)+\})?) ([\d.e+-]+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`no sample: ${line}`);
    found.set(name, Number(number));
  }
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo; // it listens on a port
      server.close(() => resolve(port));
    });
  });
}

const nameOf = (sample: string) => sample.replace(/\{.*/, "").replace(/_(bucket|sum|count)$/, "");

describe("metrics", () => {
  test("of the nodes are read as Prometheus reads them, and only those that are listed", async () => {
    const { exitCode, out } = await invoke(["metrics", ...join]);
    expect(exitCode).toBe(0);
    const all = samples(out);
    expect(all.get(`mosaik_connections{peer="${station.peer}"}`)).toBeGreaterThan(0);
    for (const name of all.keys()) expect(known).toContain(nameOf(name));
    const one = await invoke(["metrics", station.peer.slice(0, 8), "--json", ...join]);
    expect(JSON.parse(one.out)).toMatchObject({ v: 1, nodes: [{ peer: station.peer }] });
  });

  test("whatever a peer calls its labels ends neither the quotes nor the line", () => {
    const measured = {
      mosaik_x: {
        kind: "gauge" as const,
        help: "a\nb",
        unit: "x",
        label: "stream",
        numbers: { 'a"} 1\nmosaik_y 2\\': 3 },
        distributions: {},
      },
    };
    expect([...samples(exposition([{ labels: {}, measured }])).values()]).toEqual([3]);
  });

  test("make a dashboard that names all of them, and nothing else", async () => {
    const { out } = await invoke(["metrics", "--generate", "grafana"]);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(grafanaDashboard())));
    const named = new Set([...out.matchAll(/\bmosaik_[a-z_]+/g)].map(([name]) => nameOf(name)));
    expect(named).toEqual(known);
    const { panels }: { panels: { id: number; type: string }[] } = JSON.parse(out);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ type }) => type === "timeseries")).toHaveLength(known.size);
  });

  test("of a node are scraped over HTTP, and by no page", async () => {
    const stop = new AbortController();
    const address = `127.0.0.1:${await freePort()}`;
    const listening = Promise.withResolvers<void>();
    const args = ["node", "--network", "metrics", "--listen", "127.0.0.1:0", "--metrics", address];
    const running = invoke([...args, "--behind-proxy"], {
      signal: stop.signal,
      onOut: () => listening.resolve(),
    });
    await listening.promise;
    const url = `http://${address}/metrics`;
    const answer = await fetch(url, { headers: { "sec-fetch-site": "none" } });
    expect(answer.status).toBe(403);
    const ask = (path: string, headers: Record<string, string> = {}) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const asking = request(`http://${address}${path}`, { headers }, (response) => {
          let text = "";
          response.on("data", (chunk) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode, text }));
        });
        asking.on("error", reject).end();
      });
    const { status, text } = await ask("/metrics");
    expect(status).toBe(200);
    expect(samples(text).get("mosaik_connections")).toBe(0);
    expect((await ask("/metrics", { host: "attacker.example" })).status).toBe(403);
    expect((await ask("/metrics", { origin: "http://attacker.example" })).status).toBe(403);
    expect((await ask("/else")).status).toBe(404);
    stop.abort();
    await running;
  });
});

test("events of all nodes are told as they happen", async () => {
  const stop = new AbortController();
  let heard = "";
  const running: Promise<Invoked> = invoke(["events", "--old", "--kind", "peer", ...join], {
    signal: stop.signal,
    onOut: (text) => (heard += text),
  });
  await vi.waitUntil(() => heard.includes("peer.discovered"), { timeout: 10_000 });
  const guest = await createNode({
    network: "metrics",
    listen: ["127.0.0.1:0"],
    seeds: join.slice(-1),
  });
  await vi.waitUntil(() => heard.includes(guest.peer), { timeout: 10_000 });
  await guest.close();
  await vi.waitUntil(() => heard.includes("peer.departed"), { timeout: 10_000 });
  stop.abort();
  await running;
  for (const line of heard.trim().split("\n")) {
    expect(JSON.parse(line)).toMatchObject({ v: 1, event: expect.stringMatching(/^peer\./) });
  }
});
