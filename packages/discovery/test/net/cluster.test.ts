import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { systemClock as clock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { afterEach, expect, test } from "vitest";
import type { DiscoveryEvent } from "../../src/discovery.ts";
import { type Node, startNode } from "./node.ts";

const nodes: Node[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(nodes.splice(0).map((node) => node.close()));
});

async function start(init: Parameters<typeof startNode>[0]): Promise<Node> {
  const node = await startNode(init);
  nodes.push(node);
  return node;
}

const sizes = () => nodes.map(({ discovery }) => discovery.catalog.value.peers.size);

test("six nodes on real sockets all know each other, and notice who leaves", async () => {
  const seed = await start({});
  await Promise.all(Array.from({ length: 5 }, () => start({ seeds: seed.addresses })));
  await until(() => sizes().every((size) => size === 5), { clock, withinMs: 5_000 });
  const [leaving] = nodes.splice(2, 1);
  await leaving?.close();
  await until(() => sizes().every((size) => size === 4), { clock, withinMs: 1_000 });
});

test("a process that is killed is gone from the catalogs of all within two seconds", async () => {
  const seed = await start({});
  await start({ seeds: seed.addresses });
  const child = fork(new URL("./child.ts", import.meta.url), [...seed.addresses], {
    execArgv: ["--conditions=mosaik-source"],
  });
  children.push(child);
  const [peer] = await once(child, "message");
  await until(() => sizes().every((size) => size === 2), { clock, withinMs: 5_000 });
  const departed: DiscoveryEvent[] = [];
  void (async () => {
    for await (const event of seed.discovery.events()) departed.push(event);
  })();
  child.kill("SIGKILL");
  await until(() => sizes().every((size) => size === 1), { clock, withinMs: 2_000 });
  expect(departed).toMatchObject([{ kind: "departed", entry: { peer }, reason: "unreachable" }]);
});
