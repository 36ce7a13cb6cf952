import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSnapshot } from "@mosaik/groups";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Cluster, startCluster } from "./cluster.ts";
import { Counter } from "./counter.ts";
import { emptyFolder, invoke } from "./invoke.ts";
import { golden as goldenAt, type Run } from "./transcript.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

vi.setConfig({ testTimeout: 60_000 });
const key = { GOLDEN_KEY: "the key of the golden cluster" };

/** Transcripts of a command in the cluster. */
const golden = (name: string, ...runs: readonly (Run | readonly string[])[]) =>
  goldenAt(
    cluster,
    name,
    ...runs.map((run) => ({ env: key, ...("args" in run ? run : { args: run }) })),
  );

/** Ends a command after so many lines. */
const lines = (count: number): Pick<Run, "until"> => ({ until: new RegExp(`(.*\n){${count}}`) });
const writing = ["--write-key-env", "GOLDEN_KEY"];

// first: what is subscribed later shows too
test("events", () =>
  golden(
    "events",
    { args: ["events", "--old", "--kind", "stream.subscribed"], ...lines(2), sorted: true },
    ["events", ...elsewhere("other")],
  ));

describe("peers", () => {
  test("ls", () =>
    golden(
      "peers-ls",
      ["peers", "ls"],
      ["peers", "ls", "--with-tag", "member-2"],
      ["peers", "ls", "--network", "golden"],
    ));
  test("show", () =>
    golden(
      "peers-show",
      ["peers", "show", cluster.nodes[1]?.peer.slice(0, 8) ?? ""],
      ["peers", "show", "ffffffff"],
    ));
  test("ping", () =>
    golden(
      "peers-ping",
      ["peers", "ping", cluster.nodes[2]?.peer ?? "", "--count", "2"],
      ["peers", "ping", "ffffffff"],
    ));
  test("watch", () =>
    golden("peers-watch", { args: ["peers", "watch"], ...lines(3) }, [
      "peers",
      "watch",
      ...elsewhere("other"),
    ]));
  test("graph", () =>
    golden(
      "peers-graph",
      ["peers", "graph"],
      ["peers", "graph", "--as", "mermaid"],
      ["peers", "graph", "--network", "golden", "--seed", "127.0.0.1:1"],
    ));
  test("why", () => {
    const [first = "", second = ""] = cluster.nodes.map(({ peer }) => peer.slice(0, 8));
    return golden(
      "peers-why",
      ["peers", "why", first, second],
      ["peers", "why", first, "ffffffff"],
    );
  });
  test("join", () =>
    golden(
      "join",
      ["join", cluster.nodes[1]?.address ?? "", "--once"],
      ["join", "mosaik:rubbish", "--once", "--network", "golden"],
    ));
});

describe("store", () => {
  test("ls", () => golden("store-ls", ["store", "ls"], ["store", "ls", "--timeout", "1ms"]));
  test("info", () => golden("store-info", ["store", "info", "prices"], ["store", "info", "none"]));
  test("get", () =>
    golden("store-get", ["store", "get", "prices", "apple"], ["store", "get", "prices", "none"]));
  test("keys", () =>
    golden(
      "store-keys",
      ["store", "keys", "prices"],
      ["store", "keys", "prices", "--prefix", "p"],
      ["store", "keys", "none"],
    ));
  test("watch", () =>
    golden(
      "store-watch",
      { args: ["store", "watch", "prices", "--prefix", "pe"], ...lines(1) },
      ["store", "watch", "none"],
      ["store", "watch", "prices", "apple", "pear"],
    ));
  test("put and del", () => {
    const put = ["store", "put", "prices", "plum"];
    const del = ["store", "del", "prices", "plum"];
    return golden(
      "store-put-del",
      [...put, "5", ...writing],
      [...put, "5"],
      [...put, "none", ...writing],
      [...del, ...writing],
      [...del, "--yes", ...writing],
      [...del, "--yes", ...writing],
      [...put, "5", ...writing, "--json"],
      [...del, "--yes", ...writing, "--json"],
    );
  });
  test("export", () =>
    golden("store-export", ["store", "export", "prices"], ["store", "export", "none"]));
  test("import of what was exported", async () => {
    const { out } = await invoke(["store", "export", "prices", ...cluster.join]);
    const args = ["store", "import", "prices", ...writing];
    await golden(
      "store-import",
      { args, input: out },
      { args, input: "rubbish" },
      { args: ["store", "import", "prices"], input: out },
    );
  });
});

describe("streams", () => {
  test("show", () =>
    golden("streams-show", ["streams", "show", "sensor.reading"], ["streams", "show", "none"]));
  test("ls", () =>
    golden("streams-ls", ["streams", "ls"], ["streams", "ls", ...elsewhere("other")]));
  test("sub", () => {
    const sub = ["streams", "sub", "sensor.reading", "--limit", "2"];
    return golden(
      "streams-sub",
      sub,
      [...sub, "-o", "value", "--where", "celsius >= 21"],
      [...sub, "--where", "warm"],
      ["streams", "sub", "nobody.produces", "--timeout", "1500ms"],
    );
  });
  test("pub", () =>
    golden(
      "streams-pub",
      ["streams", "pub", "sensor.command", '{"do":"reset"}', "--count", "2"],
      ["streams", "pub", "sensor.command", "reset"],
      ["streams", "pub", "nobody.consumes", "1", "--timeout", "1500ms"],
    ));
});

describe("groups", () => {
  test("ls", () =>
    golden("groups-ls", ["groups", "ls"], ["groups", "ls", "--secret-env", "GOLDEN_KEY"]));
  test("status", () =>
    golden("groups-status", ["groups", "status", "counter"], ["groups", "status", "x"]));
  test("leader", () =>
    golden("groups-leader", ["groups", "leader", "counter"], ["groups", "leader", "x"]));
  test("log", () =>
    golden("groups-log", ["groups", "log", "counter", "--limit", "5"], ["groups", "log", "x"]));
  test("snapshot", async () => {
    const cwd = join(emptyFolder, "snapshots");
    mkdirSync(cwd);
    const snapshot = ["groups", "snapshot", "counter", "--out"];
    await golden(
      "groups-snapshot",
      { args: [...snapshot, "counter.state"], cwd },
      { args: [...snapshot, "counter.state"], cwd },
      { args: [...snapshot, "nowhere/counter.state"], cwd },
      { args: ["groups", "snapshot", "x", "--out", "x.state"], cwd },
      { args: [...snapshot, "again.state", "--json"], cwd },
    );
    expect(readdirSync(cwd)).toEqual(["again.state", "counter.state"]);
    const { head, machine } = await readSnapshot(Counter, [readFileSync(join(cwd, "again.state"))]);
    expect(head).toMatchObject({ machine: "counter", position: 3 });
    expect(machine.query("total")).toBe(3);
  });
  test("lock", () => {
    const lock = ["groups", "lock", "nightly", "--"];
    return golden("groups-lock", [...lock, "true"], ["groups", "lock", "nightly"]);
  });
});

describe("bench", () => {
  const bench = (name: string, ...options: readonly string[]) =>
    golden(`bench-${name}`, ["bench", name, ...options], ["bench", name, options[0] ?? "", "0"]);
  test("stream", () => bench("stream", "--consumers", "1", "--duration", "300ms"));
  test("group", () => bench("group", "--members", "1", "--duration", "300ms"));
  test("discovery", () => bench("discovery", "--nodes", "4"));
});

describe("what looks around", () => {
  test("doctor", () => golden("doctor", ["doctor"], ["doctor", ...elsewhere("other")]));
  test("metrics", () =>
    golden(
      "metrics",
      {
        args: ["metrics", cluster.nodes[0]?.peer ?? ""],
        show: (out) => out.match(/.*mosaik_group_lag.*\n/g)?.join("") ?? "",
      },
      ["metrics", "ffffffff"],
      { args: ["metrics", "--json"], show: (out) => `${out.slice(0, 8)}…\n` },
    ));
  test("top", () => golden("top", ["top"]));
  test("debug bundle", () =>
    golden("debug-bundle", ["debug", "bundle"], ["debug", "bundle", "--out", "nowhere/bundle"]));
  test("inspect", () => {
    const inspect = ["inspect", "--page", ".", "--no-open", "--port"];
    return golden("inspect", { args: [...inspect, "0"], until: /http.*\n/ }, [
      ...inspect,
      "0.0.0.0:1",
    ]);
  });
});

// last: another leads afterwards
describe("groups step-down", () => {
  const stepDown = ["groups", "step-down", "counter"];
  const to = (at: number): readonly string[] => ["--to", cluster.nodes[at]?.peer ?? "", "--yes"];

  test("asks for a yes and a key, and says who is to lead", () =>
    golden(
      "groups-step-down",
      stepDown,
      [...stepDown, "--yes"],
      ["groups", "step-down", "none", "--yes"],
      [...stepDown, ...to(1), ...writing],
    ));
  test("says the same as JSON", async () => {
    const leader = ["groups", "leader", "counter", ...cluster.join];
    const { peer } = cluster.nodes[1] ?? {};
    await vi.waitFor(async () => expect((await invoke(leader)).out).toBe(`${peer}\n`), 20_000);
    await golden("groups-step-down-json", [...stepDown, ...to(0), ...writing, "--json"]);
  });
});

/** Another network, of which the cluster is asked. */
function elsewhere(network: string): readonly string[] {
  return ["--network", network, "--seed", cluster.nodes[0]?.address ?? ""];
}
