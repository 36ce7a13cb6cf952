import { expect, test } from "vitest";
import { Cluster, knownTo } from "../cluster.ts";

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

test("two nodes with one seed know each other within a second", async () => {
  const cluster = new Cluster({ seed: 1 });
  const [a, b] = await cluster.startAll(["a", "b"]);
  const tookMs = await cluster.converge({ withinMs: 1_000 });
  console.warn("2", tookMs);
  expect(a && knownTo(a)).toEqual([b?.peer]);
  await cluster.close();
});

test("ten nodes that know only the first all know each other within ten seconds", async () => {
  const cluster = new Cluster({ seed: 2 });
  await cluster.startAll(names(11));
  console.warn("11", await cluster.converge({ withinMs: 10_000 }));
  await cluster.close();
});

test("50 nodes that know only the first all know each other within ten seconds", async () => {
  const cluster = new Cluster({ seed: 3 });
  await cluster.startAll(names(50));
  console.warn("50", await cluster.converge({ withinMs: 10_000 }));
  await cluster.close();
});
