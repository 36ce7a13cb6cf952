import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discovery } from "@mosaik/discovery";
import { systemClock } from "@mosaik/primitives/system";
import { createNetwork, diagnostics } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import {
  createGroupKey,
  createNode,
  defineStream,
  lanTimings,
  memoryStorage,
  type NetworkHandle,
  type NodeInit,
  noMachine,
} from "mosaik";
import { afterEach, describe, expect, test, vi } from "vitest";
import { invoke } from "./invoke.ts";

vi.setConfig({ testTimeout: 60_000 });

const secret = "the secret of the patients";
const open: NetworkHandle[] = [];

async function node(init: Partial<NodeInit> = {}) {
  const started = await createNode({ network: "ward", listen: ["127.0.0.1:0"], ...init });
  open.push(started);
  return started;
}

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Told {
  readonly check: string;
  readonly level: string;
  readonly text: string;
  readonly remedy?: string;
}

async function doctor(args: readonly string[], cwd?: string) {
  const around = cwd === undefined ? {} : { cwd };
  const { exitCode, out, talk } = await invoke(["doctor", "--json", ...args], around);
  expect(talk).toBe("");
  const { findings }: { findings: Told[] } = JSON.parse(out);
  const broken = findings.filter(({ level }) => level !== "ok");
  return { exitCode, findings, broken };
}

const at = (of: NetworkHandle) => of.addresses[0] ?? "";
const ward = (of: NetworkHandle) => ["--network", "ward", "--seed", at(of)];

test("a healthy node is found to be healthy", async () => {
  const first = await node();
  const second = await node({ seeds: [at(first)] });
  const key = createGroupKey();
  const joined = { key, machine: noMachine, founders: 2, storage: memoryStorage() };
  const [one] = await Promise.all([
    first.groups.join(joined),
    second.groups.join({ ...joined, storage: memoryStorage() }),
  ]);
  await one.when.online();
  const data = mkdtempSync(join(tmpdir(), "mosaik-doctor-"));
  const { exitCode, broken, findings } = await doctor([
    ...ward(second),
    "--listen",
    "127.0.0.1:0",
    "--data",
    data,
  ]);
  expect(broken).toEqual([]);
  expect(exitCode).toBe(0);
  const checks = findings.map(({ check }) => check);
  for (const check of ["runtime", "packages", "listen", "disk", "seed", "clock", "groups"]) {
    expect(checks).toContain(check);
  }
  const { out } = await invoke(["doctor", ...ward(second)], {
    columns: 100,
    env: { NO_COLOR: "1" },
  });
  expect(out).toMatch(/^ok +clock +the clocks agree/m);
});

describe("what is broken is named", () => {
  /** The one finding that matters. */
  async function names(
    args: readonly string[],
    expected: Partial<Told>,
    words: RegExp,
    cwd?: string,
  ) {
    const { exitCode, broken } = await doctor(args, cwd);
    expect(broken[0]).toMatchObject({ ...expected, text: expect.stringMatching(words) });
    expect(broken[0]?.remedy).not.toBe("");
    expect(exitCode).toBe(expected.level === "warn" ? 0 : 7);
  }

  test("a wrong network", async () => {
    const first = await node();
    const args = ["--network", "board", "--seed", at(first)];
    await names(args, { check: "seed", level: "fail" }, /NETWORK_DIFFERENT/);
  });

  test("a wrong secret", async () => {
    const first = await node({ secret });
    const args = [...ward(first), "--secret-env", "OTHER"];
    const { exitCode, out } = await invoke(["doctor", "--json", ...args], {
      env: { OTHER: "another secret altogether" },
    });
    expect(exitCode).toBe(7);
    expect(out).toContain("NETWORK_WRONG_SECRET");
    await names(ward(first), { check: "seed", level: "fail" }, /NETWORK_WRONG_SECRET/);
  });

  test("a seed that nobody answers at", async () => {
    const args = ["--network", "ward", "--seed", "127.0.0.1:1", "--timeout", "5s"];
    await names(
      args,
      { check: "seed", level: "fail" },
      /nothing listens there.*NETWORK_UNREACHABLE/,
    );
  });

  test("a clock that is an hour off", async () => {
    const clock = { ...systemClock, now: () => Date.now() + 3_600_000 };
    const ahead = await createNetwork({
      network: "ward",
      transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
      services: { discovery: discovery(), diagnostics: diagnostics() },
      system: { clock },
    });
    open.push(ahead);
    await names(ward(ahead), { check: "clock", level: "fail" }, /3600 s ahead/);
  });

  test("two versions of one library", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "mosaik-doctor-"));
    for (const [folder, version] of [
      ["node_modules/@libp2p/interface", "3.3.0"],
      ["node_modules/some-library/node_modules/@libp2p/interface", "2.11.0"],
    ] as const) {
      mkdirSync(join(cwd, folder), { recursive: true });
      writeFileSync(join(cwd, folder, "package.json"), JSON.stringify({ version }));
    }
    const first = await node();
    const words = /@libp2p\/interface is installed in 2 versions: 2.11.0, 3.3.0/;
    await names(ward(first), { check: "packages", level: "fail" }, words, cwd);
  });

  test("a port that is taken", async () => {
    const first = await node();
    const args = [...ward(first), "--listen", at(first)];
    await names(args, { check: "listen", level: "fail" }, /is taken/);
  });

  test("a full disk", async () => {
    const data = mkdtempSync(join(tmpdir(), "mosaik-doctor-"));
    symlinkSync("/dev/full", join(data, ".mosaik-doctor"));
    const first = await node();
    const args = [...ward(first), "--data", data];
    await names(args, { check: "disk", level: "fail" }, /the disk of .* is full/);
  });

  test("a predicate that refuses", async () => {
    const Reading = defineStream("sensor.reading");
    const first = await node();
    const second = await node({ seeds: [at(first)] });
    first.streams.produce(Reading, { accept: () => false });
    const consumer = second.streams.consume(Reading);
    await vi.waitUntil(() => consumer.refusals.size > 0, { timeout: 10_000 });
    const words = /'sensor.reading': the producer's `accept` refuses/;
    await names(ward(first), { check: "streams", level: "fail" }, words);
    const peers = [first.peer.slice(0, 8), second.peer.slice(0, 8)] as const;
    const { out } = await invoke(["peers", "why", ...peers, "--json", ...ward(first)]);
    expect(JSON.parse(out)).toMatchObject({
      v: 1,
      causes: [{ kind: "refused-by-predicate" }, { kind: "connected" }],
    });
  });

  test("a quorum that is lost", async () => {
    const first = await node();
    const second = await node({ seeds: [at(first)] });
    const group = { machine: noMachine, founders: 2, timings: lanTimings };
    const joined = { ...group, key: createGroupKey() };
    const [one] = await Promise.all([
      first.groups.join({ ...joined, storage: memoryStorage() }),
      second.groups.join({ ...joined, storage: memoryStorage() }),
    ]);
    await one.when.online();
    open.splice(open.indexOf(second), 1);
    await second.close();
    await one.when.offline();
    const words = /has lost its quorum: 1 of 2 voters/;
    await names(ward(first), { check: "groups", level: "fail" }, words);
  });

  test("a node that only a relay reaches", async () => {
    const start = async (transport: ReturnType<typeof libp2pTransport>, seeds: string[] = []) => {
      const services = { discovery: discovery(), diagnostics: diagnostics() };
      const started = await createNetwork({ network: "ward", transport, seeds, services });
      open.push(started);
      return started;
    };
    const relay = await start(libp2pTransport({ listen: ["127.0.0.1:0"], relay: true }));
    const hidden = await start(libp2pTransport({ listen: [], viaRelays: true }), [at(relay)]);
    await hidden.discovery.when.discovered();
    const known = () => relay.discovery.catalog.value.peers.get(hidden.peer)?.addresses ?? [];
    await vi.waitUntil(() => known().length > 0, { timeout: 10_000 });
    const words = new RegExp(`${hidden.peer.slice(0, 8)}.*only reachable through a relay`);
    await names(ward(relay), { check: "paths", level: "warn" }, words);
    const { findings } = await doctor(ward(relay));
    expect(findings).toContainEqual({
      ...{ check: "relay", level: "ok" },
      // doctor looks into the hidden one, too: through the relay, which may join the two just now
      text: expect.stringMatching(/^[0-9a-f]{8}… is a relay; places kept: 1, pairs joined: [01]$/),
    });
  });
});
