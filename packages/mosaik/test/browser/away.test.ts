import { createNode, lanTimings, memoryStorage, type Node, parseGroupKey } from "mosaik";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Sum } from "./definitions.ts";
import type { Sight } from "./guest.ts";

let pid = 0;
let tab = 0;
let page: Node;
let cluster: { readonly invite: string; readonly key: string };

const call = (name: string, input?: unknown) =>
  commands.callInTab(tab, "/packages/mosaik/test/browser/guest.ts", name, input);
const see = async () => (await call("see")) as Sight; // its module says so
const soon = { timeout: 20_000 };

beforeAll(async () => {
  const started = await commands.startNode("packages/mosaik/test/browser/cluster.ts");
  pid = started.pid;
  cluster = JSON.parse(started.line);
  tab = await commands.openTab();
  page = await createNode({ network: "browser", seeds: [cluster.invite] });
}, 60_000);
afterAll(async () => {
  await page.close();
  await commands.closeTab(tab);
  await commands.stopNode(pid, "SIGKILL");
});

it("a tab that was frozen for longer than its connections last reads on, and has what its group did meanwhile", async () => {
  const group = await page.groups.join({
    key: parseGroupKey(cluster.key),
    machine: Sum,
    storage: memoryStorage(),
    founders: 3,
    timings: lanTimings,
    preference: "observer",
  });
  await group.when.online();
  await call("join", cluster);
  await expect.poll(async () => (await see()).ticks, soon).toBeGreaterThan(10);
  await commands.freezeTab(tab, true);
  await new Promise((resolve) => setTimeout(resolve, 6_000)); // without a word it is lost after five
  const total = await group.execute({ add: 1_000 });
  await commands.freezeTab(tab, false);
  const before = await see();
  await expect.poll(async () => (await see()).total, soon).toBe(total);
  await expect.poll(async () => (await see()).ticks, soon).toBeGreaterThan(before.ticks + 50);
  const after = await see();
  expect(after.inOrder).toBe(true);
  expect(after.newest).toBeGreaterThan(before.newest + 50);
});
