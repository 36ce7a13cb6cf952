import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { invoke } from "./invoke.ts";
import { transcript } from "./transcript.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

vi.setConfig({ testTimeout: 60_000 });
const columns = 200;
const key = { GOLDEN_KEY: "the key of the golden cluster" };

/** Holds a command's transcripts, for people and for programs, against what was seen before. */
async function golden(name: string, ...runs: (readonly string[])[]): Promise<void> {
  const transcripts: string[] = [];
  for (const args of runs) {
    transcripts.push(await transcript(cluster, args, { columns, env: { NO_COLOR: "1", ...key } }));
  }
  const [first] = runs;
  if (first !== undefined)
    transcripts.push(await transcript(cluster, [...first, "--json"], { env: key }));
  await expect(transcripts.join("\n")).toMatchFileSnapshot(`golden/${name}.txt`);
}

describe("peers", () => {
  test("ls", () => golden("peers-ls", ["peers", "ls"], ["peers", "ls", "--with-tag", "member-2"]));
  test("show", () =>
    golden(
      "peers-show",
      ["peers", "show", cluster.nodes[1]?.peer.slice(0, 8) ?? ""],
      ["peers", "show", "ffffffff"],
    ));
  test("ping", () =>
    golden("peers-ping", ["peers", "ping", cluster.nodes[2]?.peer ?? "", "--count", "2"]));
  test("graph", () =>
    golden("peers-graph", ["peers", "graph"], ["peers", "graph", "--as", "mermaid"]));
  test("why", () => {
    const [first = "", second = ""] = cluster.nodes.map(({ peer }) => peer.slice(0, 8));
    return golden(
      "peers-why",
      ["peers", "why", first, second],
      ["peers", "why", first, "ffffffff"],
    );
  });
  test("join", () => golden("join", ["join", cluster.nodes[1]?.address ?? "", "--once"]));
});

const writing = ["--write-key-env", "GOLDEN_KEY"];

describe("store", () => {
  test("ls", () => golden("store-ls", ["store", "ls"]));
  test("info", () => golden("store-info", ["store", "info", "prices"], ["store", "info", "none"]));
  test("get", () =>
    golden("store-get", ["store", "get", "prices", "apple"], ["store", "get", "prices", "none"]));
  test("keys", () => golden("store-keys", ["store", "keys", "prices"]));
  test("put and del", () =>
    golden(
      "store-put",
      ["store", "put", "prices", "plum", "5", ...writing],
      ["store", "put", "prices", "plum", "5"],
      ["store", "put", "prices", "plum", "none", ...writing],
      ["store", "del", "prices", "plum", ...writing],
      ["store", "del", "prices", "plum", "--yes", ...writing],
      ["store", "del", "prices", "plum", "--yes", ...writing],
    ));
  test("export and import", async () => {
    const exported = await invoke(["store", "export", "prices", ...cluster.join]);
    expect(exported.out).toContain(
      '{"v":1,"key":"apple","value":3}\n{"v":1,"key":"pear","value":4}\n',
    );
    const args = ["store", "import", "prices", ...writing, "--json", ...cluster.join];
    const imported = await invoke(args, { env: key, input: exported.out });
    expect(JSON.parse(imported.out)).toMatchObject({ v: 1, items: 3 });
  });
});

describe("streams", () => {
  test("show", () =>
    golden("streams-show", ["streams", "show", "sensor.reading"], ["streams", "show", "none"]));
  test("ls", () => golden("streams-ls", ["streams", "ls"]));
});

describe("groups", () => {
  test("ls", () => golden("groups-ls", ["groups", "ls"]));
  test("status", () =>
    golden("groups-status", ["groups", "status", "counter"], ["groups", "status", "x"]));
  test("leader", () => golden("groups-leader", ["groups", "leader", "counter"]));
  test("step-down asks for a yes and a key", () =>
    golden(
      "groups-step-down",
      ["groups", "step-down", "counter"],
      ["groups", "step-down", "counter", "--yes"],
      ["groups", "step-down", "none", "--yes"],
    ));
  test("log", () => golden("groups-log", ["groups", "log", "counter", "--limit", "5"]));
});

describe("what looks around", () => {
  test("doctor", () => golden("doctor", ["doctor"]));
  test("metrics", () => golden("metrics", ["metrics", "ffffffff"]));
  test("top", () => golden("top", ["top"]));
  test("debug bundle", () =>
    golden("debug-bundle", ["debug", "bundle"], ["debug", "bundle", "--out", "nowhere/bundle"]));
  test("inspect", () => golden("inspect", ["inspect", "--page", ".", "--port", "0.0.0.0:1"]));
});
