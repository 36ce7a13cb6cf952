import { createNode, lanTimings, memoryStorage, type Node, parseGroupKey } from "mosaik";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Sum } from "./definitions.ts";
import type { Sight } from "./guest.ts";

let pid = 0;
let tab = 0;
let page: Node;
/** Adds to the sum; answers what it is then. */
let add: (amount: number) => Promise<unknown>;
let cluster: { readonly invite: string; readonly key: string };

const call = (name: string, input?: unknown) =>
  commands.callInTab(tab, "/packages/mosaik/test/browser/guest.ts", name, input);
const see = async () => (await call("see")) as Sight; // its module says so
const soon = { timeout: 20_000 };

/** Until the tab has read so many numbers more. */
async function readsOn(more: number): Promise<void> {
  const { ticks } = await see();
  await expect.poll(async () => (await see()).ticks, soon).toBeGreaterThan(ticks + more);
}

beforeAll(async () => {
  const started = await commands.startNode("packages/mosaik/test/browser/cluster.ts");
  pid = started.pid;
  cluster = JSON.parse(started.line);
  tab = await commands.openTab();
  page = await createNode({ network: "browser", seeds: [cluster.invite] });
  const group = await page.groups.join({
    key: parseGroupKey(cluster.key),
    machine: Sum,
    storage: memoryStorage(),
    founders: 3,
    timings: lanTimings,
    preference: "observer",
  });
  await group.when.online();
  add = (amount) => group.execute({ add: amount });
  await call("join", cluster);
}, 60_000);
afterAll(async () => {
  await page.close();
  await commands.closeTab(tab);
  await commands.stopNode(pid, "SIGKILL");
});

it.each([
  { title: "in the background, where timers go once a second,", everyMs: 1_000 },
  { title: "long in the background, where timers go once a minute,", everyMs: 60_000 },
])("a tab $title misses nothing and follows its group", async ({ everyMs }) => {
  await readsOn(10);
  await commands.throttleTab(tab, everyMs);
  await new Promise((resolve) => setTimeout(resolve, 6_000)); // without a word it is lost after five
  const total = await add(1);
  await expect.poll(async () => (await see()).total, soon).toBe(total);
  await readsOn(50);
  await commands.throttleTab(tab, 0);
  expect(await see()).toMatchObject({ inOrder: true, gaps: 0 });
});

it("a tab that was frozen for longer than its connections last reads on, and has what its group did meanwhile", async () => {
  await readsOn(10);
  await commands.freezeTab(tab, true);
  await new Promise((resolve) => setTimeout(resolve, 6_000)); // without a word it is lost after five
  const total = await add(1_000);
  await commands.freezeTab(tab, false);
  const before = await see();
  await expect.poll(async () => (await see()).total, soon).toBe(total);
  await readsOn(50);
  const after = await see();
  expect(after.inOrder).toBe(true);
  expect(after.newest).toBeGreaterThan(before.newest + 50);
});
