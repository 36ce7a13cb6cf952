import { digest, seededRandom } from "@mosaik/primitives";
import { systemClock } from "@mosaik/primitives/system";
import { createNetwork } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { expect, test } from "vitest";
import { discovery } from "../src/service.ts";
import { Cluster } from "./cluster.ts";

const startNode = (options: Parameters<typeof discovery>[0] = {}) =>
  createNetwork({
    network: "test",
    tags: ["hub"],
    transport: createMemoryNetwork({ clock: systemClock, random: seededRandom(1) }).transport(),
    services: { discovery: discovery(options) },
  });

test("closing it twice is closing it once", async () => {
  const network = await startNode();
  await Promise.all([network.discovery.close(), network.discovery.close()]);
  await network.discovery.close();
  await network.close();
});

test("it closes with its network, and its iterations end", async () => {
  const network = await startNode();
  const events = (async () => {
    for await (const event of network.discovery.events()) throw new Error(event.kind);
  })();
  const changes = (async () => {
    for await (const catalog of network.discovery.catalog.changes()) void catalog;
  })();
  await network.close();
  await Promise.all([events, changes]);
});

test("it can be disposed of while it is in use", async () => {
  let kept: Awaited<ReturnType<typeof startNode>>["discovery"];
  {
    await using network = await startNode();
    kept = network.discovery;
    kept.addTags("late");
  }
  expect(kept.catalog.value.me.tags).toEqual(new Set(["hub", "late"]));
  const offer = kept.offer("x", digest("test"));
  offer[Symbol.dispose]();
  await expect(kept.sync(network0())).rejects.toMatchObject({ code: "DISCOVERY_SYNC_FAILED" });
  for await (const event of kept.events()) throw new Error(event.kind);
});

function network0() {
  return digest("nobody") as Parameters<
    Awaited<ReturnType<typeof startNode>>["discovery"]["sync"]
  >[0];
}

test("the local peer shows what was said of it, at once", async () => {
  await using network = await startNode();
  const { discovery } = network;
  expect(discovery.catalog.value.me).toMatchObject({ peer: network.peer, tags: new Set(["hub"]) });
  const before = discovery.signedEntry;
  discovery.addTags("a", "b");
  discovery.removeTags("a", "zzz");
  const ticket = discovery.addTicket("header.body.signature");
  expect(discovery.catalog.value.me.tags).toEqual(new Set(["hub", "b"]));
  expect(discovery.catalog.value.me.tickets).toEqual(["header.body.signature"]);
  expect(discovery.signedEntry).not.toEqual(before);
  ticket[Symbol.dispose]();
  expect(discovery.catalog.value.me.tickets).toEqual([]);
});

test("what does not fit is refused, and nothing changes", async () => {
  await using network = await startNode();
  const { discovery } = network;
  const { value } = discovery.catalog;
  const many = Array.from({ length: 100 }, (_, n) => `t${n}`);
  expect(() => discovery.addTags("a\u0000")).toThrow(
    expect.objectContaining({ code: "DISCOVERY_BAD_TAG" }),
  );
  expect(() => discovery.addTags(...many)).toThrow(
    expect.objectContaining({ code: "DISCOVERY_ENTRY_TOO_LARGE" }),
  );
  expect(discovery.catalog.value).toBe(value);
});

test("options that make no sense are refused", () => {
  expect(() => discovery({ purgeMs: 0 })).toThrow(RangeError);
  expect(() => discovery({ announceIntervalMs: Number.NaN })).toThrow(RangeError);
});

test("a node with a bad tag does not start", async () => {
  await expect(
    createNetwork({
      network: "test",
      tags: ["a\u202e"],
      transport: createMemoryNetwork({ clock: systemClock, random: seededRandom(1) }).transport(),
      services: { discovery: discovery() },
    }),
  ).rejects.toMatchObject({ cause: { code: "DISCOVERY_BAD_TAG" } });
});

test("a reader that is too slow is told how much it missed", async () => {
  const cluster = new Cluster({ seed: 1 });
  const n0 = await cluster.start("n0", { options: { eventBacklogMax: 2 } });
  const slow = n0.discovery.events();
  const stop = new AbortController();
  n0.discovery.events({ signal: stop.signal });
  const n1 = await cluster.start("n1");
  await cluster.converge({ withinMs: 1_000 });
  for (const tag of ["a", "b", "c", "d"]) {
    n1.discovery.addTags(tag);
    await cluster.world.run(500);
  }
  stop.abort();
  const seen: unknown[] = [];
  for await (const event of slow) {
    seen.push(event.kind === "lagged" ? event : event.kind);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual([{ kind: "lagged", missed: 3 }, "updated", "updated"]);
  await cluster.close();
});
