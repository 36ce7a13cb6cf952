import {
  createGroupKey,
  createNode,
  defineStream,
  memoryStorage,
  type Node,
  noMachine,
} from "mosaik";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { invoke } from "./invoke.ts";
import { openTerminal } from "./open-terminal.ts";
import { normalised } from "./transcript.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const Reading = defineStream("sensor.reading");
const Hostile = defineStream("evil\u001b[2J\u001b]0;owned\u0007\u202ename");
const nodes: Node[] = [];
const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
let ticking: NodeJS.Timeout;

beforeAll(async () => {
  const init = { network: "screen", listen: ["127.0.0.1:0"] };
  // the same keys each time, so that they sort the same
  const first = await createNode({ ...init, tags: ["station"], secretKey: keyOf(0x33) });
  const seeds = first.addresses;
  const second = await createNode({ ...init, tags: ["hub"], secretKey: keyOf(0x22), seeds });
  nodes.push(first, second);
  const out = first.streams.produce(Reading);
  first.streams.produce(Hostile);
  const readings = second.streams.consume(Reading);
  void (async () => {
    for await (const _ of readings);
  })();
  ticking = setInterval(() => out.trySend({ celsius: 20 }), 20);
  const key = createGroupKey();
  const [group] = await Promise.all(
    nodes.map((node, at) =>
      node.groups.join({
        ...{ key, machine: noMachine, founders: 2, storage: memoryStorage() },
        preference: at === 0 ? "normal" : "reluctant", // so that the same one leads each time
      }),
    ),
  );
  await group?.when.online();
});
afterAll(async () => {
  clearInterval(ticking);
  for (const node of nodes.reverse()) await node.close();
});

function openTop(columns = 110, rows = 24) {
  const seed = nodes[0]?.addresses[0] ?? "";
  const args = ["top", "-n", "screen", "--seed", seed, "--every", "200ms"];
  return openTerminal(args, { columns, rows });
}

test("top shows peers, streams and groups, heeds its keys, and gives the terminal back", async () => {
  const top = openTop();
  await top.shows(/mosaik top screen {2}2 nodes/);
  expect(top.terminal.buffer.active.type).toBe("alternate");
  await top.shows(/station/);
  const [, names = "", , titles = ""] = top.lines();
  expect(names).toMatch(/1 peers {2} ?2 streams {2} ?3 groups/);
  expect(titles).toMatch(/^PEER\^ +TAGS +LINKS +RELAYED +RTT +SENT\/S +RECEIVED\/S +UP$/);
  expect(top.lines().filter((line) => /^[0-9a-f]{8}…/.test(line))).toHaveLength(2);

  const screens = [top.lines()];

  top.process.write("2");
  await top.shows(/^sensor\.reading +1 +1 +[1-9]\d* +0 +\d+$/);
  await top.shows(/^evil.*owned.*name/);
  expect(top.title()).toBe("");
  screens.push(top.lines());

  top.process.write("\t");
  await top.shows(/^GROUP\^ +NAME +HEALTH/);
  await top.shows(/ healthy +[0-9a-f]{8}… +\d+ +2 +2 /);
  screens.push(top.lines());

  top.process.write("/nothing\r");
  await top.shows(/no groups with 'nothing'/);
  top.process.write("\u001b");
  await top.shows(/ healthy /);

  top.process.write("q");
  expect(await top.ended).toBe(0);
  const named = ["station1", "the-hub2"].map((name, at) => ({ name, peer: nodes[at]?.peer ?? "" }));
  const told = screens.map((lines) => normalised(`${lines.filter(Boolean).join("\n")}\n`, named));
  await expect(`$ mosaik top\n${told.join("\n")}\nexit 0\n`).toMatchFileSnapshot(
    "golden/top-screen.txt",
  );
  expect(top.terminal.buffer.active.type).toBe("normal");
});

test("top ends in order when it is interrupted", async () => {
  const top = openTop(60, 12);
  await top.shows(/mosaik top screen/);
  top.process.kill("SIGINT");
  expect(await top.ended).toBe(130);
  expect(top.terminal.buffer.active.type).toBe("normal");
});

test("top says that it needs a terminal", async () => {
  const { exitCode, talk } = await invoke(["top", "-n", "screen", "--seed", "127.0.0.1:1"]);
  expect(exitCode).toBe(2);
  expect(talk).toContain("top needs a terminal");
});
