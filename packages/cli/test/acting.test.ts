import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Interrupted } from "../src/errors.ts";
import { type Cluster, startCluster, told } from "./cluster.ts";
import { invoke, type Surroundings } from "./invoke.ts";
import { normalised } from "./transcript.ts";

vi.setConfig({ testTimeout: 60_000 });

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);
afterAll(() => cluster[Symbol.asyncDispose]());

const key = { GOLDEN_KEY: "the key of the golden cluster" };
const writing = ["--write-key-env", "GOLDEN_KEY"];

/** Runs a command until it has written so much, then has it end as Ctrl-C does. */
const interrupted = (args: readonly string[], lines: number, around: Surroundings = {}) =>
  invoke([...args, ...cluster.join], { ...around, until: new RegExp(`(.*\n){${lines}}`) });

describe("what goes on until it is ended", () => {
  test("peers watch tells who is there, and ends with 130", async () => {
    const { exitCode, out } = await interrupted(["peers", "watch"], 3);
    expect(exitCode).toBe(130);
    expect(normalised(out, cluster.nodes)).toContain('"event":"discovered","peer":"<member-1>"');
  });

  test("events tells what happened at which node, and what happens", async () => {
    const args = ["events", "--old", "--kind", "group.leader-changed"];
    const shown = await interrupted(args, 1, { columns: 200, env: { NO_COLOR: "1" } });
    expect(shown.exitCode).toBe(130);
    expect(normalised(shown.out, cluster.nodes)).toMatch(
      /^CLOCK member-\d… group\.leader-changed .*leader=<member-\d>/,
    );
    const told = await interrupted([...args, "-o", "json"], 1);
    expect(normalised(told.out, cluster.nodes)).toMatch(
      /^\{"v":1,"event":"group.leader-changed","peer":"<member-\d>","at":0,"facts":\{/,
    );
  });

  test("streams sub prints items, and gaps in between, as many as are wanted", async () => {
    const args = ["streams", "sub", "sensor.reading", "--limit", "3"];
    const { exitCode, out, talk } = await invoke([...args, ...cluster.join]);
    expect(exitCode).toBe(0);
    const items = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ v: 1, item: { celsius: expect.any(Number) } });
    expect(talk).toContain("subscribed to 'sensor.reading' of 1 producers");
  });

  test("streams sub prints only the items that are asked for", async () => {
    const args = ["streams", "sub", "sensor.reading", "--where", "celsius > 22", "--limit", "3"];
    const { exitCode, out } = await invoke([...args, "-o", "value", ...cluster.join]);
    const celsius = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).celsius);
    expect(exitCode).toBe(0);
    expect(celsius).toHaveLength(3); // 20 to 24 come in turn
    for (const each of celsius) expect(each).toBeGreaterThan(22);
    const misused = await invoke([...args, "--where", "warm", ...cluster.join]);
    expect(misused).toMatchObject({ exitCode: 2, out: "" });
  });

  test("streams sub prints the items that fit a schema, and says why others do not", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "mosaik-schema-"));
    const cold = `{ "~standard": { version: 1, vendor: "test", validate: (value) => value.celsius > 22 ? { issues: [{ message: "too warm" }] } : { value } } }`;
    writeFileSync(join(cwd, "cold.mjs"), `export default ${cold};`);
    writeFileSync(join(cwd, "none.mjs"), "export const schema = 1;");
    const sub = (file: string) =>
      invoke(
        ["streams", "sub", "sensor.reading", "--schema", file, "--limit", "4", ...cluster.join],
        { cwd },
      );
    const { exitCode, out, talk } = await sub("cold.mjs");
    expect(exitCode).toBe(0);
    for (const line of out.trim().split("\n")) {
      expect(JSON.parse(line).item.celsius).toBeLessThanOrEqual(22);
    }
    expect(normalised(talk, cluster.nodes)).toContain(
      "member-1…: the value does not fit its schema: too warm",
    );
    expect(await sub("none.mjs")).toMatchObject({ exitCode: 2, out: "" });
    expect(await sub("missing.mjs")).toMatchObject({ exitCode: 1, out: "" });
  });

  test("store watch prints what there is, and what changes", async () => {
    const watching = interrupted(["store", "watch", "prices", "--prefix", "ki"], 1);
    const put = ["store", "put", "prices", "kiwi", "9", ...writing, ...cluster.join];
    expect((await invoke(put, { env: key })).exitCode).toBe(0);
    const { exitCode, out } = await watching;
    expect(exitCode).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ change: "put", key: "kiwi", value: 9 });
  });

  test("store watch runs a command for each item and change, one after the other", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "mosaik-watch-")), "changes");
    const script = `require("fs").appendFileSync(${JSON.stringify(file)}, [process.env.MOSAIK_CHANGE, process.env.MOSAIK_KEY, process.env.MOSAIK_VALUE].join(" ") + "\\n"); process.exit(3)`;
    const written = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    const stop = new AbortController();
    const args = ["store", "watch", "prices", "--prefix", "fi", ...cluster.join];
    const watching = invoke([...args, "--", process.execPath, "-e", script], {
      signal: stop.signal,
    });
    const edit = async (...edited: readonly string[]) =>
      expect((await invoke([...edited, ...writing, ...cluster.join], { env: key })).exitCode).toBe(
        0,
      );
    await edit("store", "put", "prices", "fig", "7");
    await vi.waitUntil(() => written() === 'put "fig" 7\n', 20_000);
    await edit("store", "del", "prices", "fig", "--yes");
    await vi.waitUntil(() => written() === 'put "fig" 7\nremove "fig" \n', 20_000);
    stop.abort(new Interrupted("SIGINT", 130));
    const { exitCode, out, talk } = await watching;
    expect({ exitCode, out }).toEqual({ exitCode: 130, out: "" });
    expect(talk).toContain("ended with 3");
    const much = await invoke(["store", "watch", "prices", "a", "b", ...cluster.join]);
    expect(much).toMatchObject({ exitCode: 2, out: "" });
  });

  test("what takes too long ends with 124", async () => {
    const args = ["streams", "sub", "nobody.produces", "--timeout", "1500ms", ...cluster.join];
    const { exitCode, talk } = await invoke(args);
    expect(exitCode).toBe(124);
    expect(talk).toContain("error[CLI_TIMEOUT]: it was not done after 1.5 s");
  });
});

describe("what changes something", () => {
  test("streams pub reaches who consumes", async () => {
    const [, second] = cluster.nodes;
    if (second === undefined) throw new Error("there are three");
    const item = told(second.child, "item");
    const args = ["streams", "pub", "sensor.command", "--json", ...cluster.join];
    const { exitCode, out } = await invoke(args, { input: '{"do":"reset"}\n' });
    expect({ exitCode, ...JSON.parse(out) }).toMatchObject({ exitCode: 0, sent: 1, consumers: 1 });
    expect(await item).toMatchObject({ item: { do: "reset" } });
  });

  test("join says who is there, by an invite too", async () => {
    const made = await invoke(["ticket", "invite", ...cluster.join]);
    const args = ["join", made.out.trim(), "--once", "-o", "table"];
    const { exitCode, out } = await invoke(args);
    expect(exitCode).toBe(0);
    for (const { name } of cluster.nodes) expect(out).toContain(name);
  });

  test("groups step-down takes a yes and a key, and another one leads", async () => {
    const args = ["groups", "step-down", "counter", ...cluster.join];
    expect((await invoke(args, { env: key })).exitCode).toBe(2);
    expect((await invoke([...args, "--yes"])).exitCode).toBe(6);
    const done = await invoke([...args, "--yes", "--json", ...writing], { env: key });
    expect(done.exitCode).toBe(0);
    const { to } = JSON.parse(done.out);
    const leads = ["groups", "leader", "counter", ...cluster.join];
    await vi.waitFor(async () => expect((await invoke(leads)).out).toBe(`${to}\n`), 20_000);
    const watched = await interrupted(["groups", "leader", "counter", "--watch", "200ms"], 1);
    expect(JSON.parse(watched.out)).toMatchObject({ leader: to });
  });
});

describe("groups lock", () => {
  const file = join(mkdtempSync(join(tmpdir(), "mosaik-lock-")), "token");

  test("runs a command under the lead, with its term, and ends as it does", async () => {
    const script = `require("fs").writeFileSync(${JSON.stringify(file)}, process.env.MOSAIK_FENCING_TOKEN); process.exit(9)`;
    const args = ["groups", "lock", "nightly", ...cluster.join];
    const { exitCode, talk } = await invoke([...args, "--", process.execPath, "-e", script]);
    expect({ exitCode, talk }).toMatchObject({ exitCode: 9 });
    expect(readFileSync(file, "utf8")).toMatch(/^[1-9]\d*$/);
    expect(talk).toContain("leading 'nightly' in term");
  });
});

describe("bench", () => {
  test("measures a stream", async () => {
    const args = ["bench", "stream", "--duration", "300ms", "--consumers", "1", "--json"];
    const { exitCode, out } = await invoke([...args, ...cluster.join]);
    expect({ exitCode, ...JSON.parse(out) }).toMatchObject({ exitCode: 0, consumers: 1 });
    expect(JSON.parse(out).items).toBeGreaterThan(100);
  });

  test("measures a group", async () => {
    const args = ["bench", "group", "--duration", "300ms", "--json"];
    const { exitCode, out } = await invoke([...args, ...cluster.join]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).commands).toBeGreaterThan(10);
  });

  test("measures discovery", async () => {
    const args = ["bench", "discovery", "--nodes", "4", "--json"];
    const { exitCode, out } = await invoke([...args, ...cluster.join]);
    expect({ exitCode, ...JSON.parse(out) }).toMatchObject({ exitCode: 0, nodes: 4 });
  });
});
