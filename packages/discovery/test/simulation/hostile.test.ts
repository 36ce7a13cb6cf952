import { digest, encodeUtf8, type Identity, type PeerId } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { expect, test } from "vitest";
import { encodeEntryIds } from "../../src/core/entry-id.ts";
import { signEntry } from "../../src/core/peer-entry.ts";
import type { PeerEntry } from "../../src/discovery.ts";
import { GossipProtocol, type SyncMessage, SyncProtocol } from "../../src/wire.ts";
import { Cluster, type ClusterNode, knownTo } from "../cluster.ts";
import { type Heard, listen, startRogue, Unchecked } from "../rogue.ts";

async function attacked(seed: number, options: { readonly catalogPeersMax?: number } = {}) {
  const cluster = new Cluster({ seed });
  const nodes = await cluster.startAll(["n0", "n1", "n2", "n3"], { options });
  await cluster.converge({ withinMs: 5_000 });
  const victim = nodes[0] as ClusterNode;
  const rogue = await startRogue(cluster, victim);
  return { cluster, world: cluster.world, victim, nodes, rogue, context: rogue.context };
}

type Scene = Awaited<ReturnType<typeof attacked>>;

/** A link on which the victim takes the rogue for a neighbour. */
async function neighbourly({ world, context, victim }: Scene) {
  const link = await world.settle(context.open(GossipProtocol, victim.peer));
  const heard = listen(link);
  link.send({ kind: "neighbour", priority: "high" });
  await world.runUntil(() => heard.messages.length > 0);
  expect(heard.messages[0]).toEqual({ kind: "welcome" });
  return { link, heard };
}

function entryBy(identity: Identity, scene: Scene, change: Partial<PeerEntry> = {}): Uint8Array {
  const entry: PeerEntry = {
    peer: identity.peer,
    network: scene.context.network,
    version: { epoch: 1, sequence: 1 },
    at: scene.context.clock.now(),
    addresses: [],
    tags: new Set(),
    offers: new Map(),
    tickets: [],
    ...change,
  };
  return signEntry(entry, { identity, gone: false }).bytes;
}

function sybil(number: number): Identity {
  const key = new Uint8Array(32).fill(9);
  new DataView(key.buffer).setUint32(0, number);
  return ed25519.identity(key);
}

/** The honest nodes know each other as if nothing had happened. */
async function expectUnharmed({ cluster, world, nodes }: Scene, strangers: readonly PeerId[] = []) {
  await world.run(30_000);
  for (const node of nodes) {
    const known = knownTo(node).filter((peer) => !strangers.includes(peer));
    expect(known).toEqual(
      nodes
        .filter((n) => n !== node)
        .map(({ peer }) => peer)
        .sort(),
    );
  }
  await cluster.close();
}

test("who passes on a forged entry loses its place, and gets none for a while", async () => {
  const scene = await attacked(1);
  const { link, heard } = await neighbourly(scene);
  const forged = Uint8Array.from(scene.nodes[1]?.discovery.signedEntry ?? []);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  link.send({ kind: "entry", entry: forged });
  await scene.world.runUntil(() => heard.closed !== undefined);
  expect(heard.closed).toBe("forged");

  const again = await scene.world.settle(scene.context.open(GossipProtocol, scene.victim.peer));
  const refused = listen(again);
  again.send({ kind: "neighbour", priority: "high" });
  await scene.world.runUntil(() => refused.closed !== undefined);
  expect(refused.closed).toBe("banned");
  const sync = listen(
    await scene.world.settle(scene.context.open(SyncProtocol, scene.victim.peer)),
  );
  await scene.world.runUntil(() => sync.closed !== undefined);
  expect(sync.closed).toBe("banned");
  await expectUnharmed(scene);
});

test("a neighbour that sends what is no message loses its place", async () => {
  const scene = await attacked(2);
  const link = await scene.world.settle(scene.context.open(Unchecked, scene.victim.peer));
  const heard = listen(link);
  link.send({ kind: "neighbour", priority: "high" });
  await scene.world.runUntil(() => heard.messages.length > 0);
  link.send({ kind: "entry", entry: "x".repeat(20_000) });
  await scene.world.runUntil(() => heard.closed !== undefined);
  expect(heard.closed).toBe("protocol-violation");
  const again = await scene.world.settle(scene.context.open(GossipProtocol, scene.victim.peer));
  const refused = listen(again);
  again.send({ kind: "neighbour", priority: "high" });
  await scene.world.runUntil(() => refused.closed !== undefined);
  expect(refused.closed).toBe("banned");
  await expectUnharmed(scene);
});

test("a message that is too large ends the link", async () => {
  const scene = await attacked(3);
  const link = await scene.world.settle(scene.context.open(Unchecked, scene.victim.peer));
  const heard = listen(link);
  link.send({ kind: "entry", entry: new Uint8Array(500_000) });
  await scene.world.runUntil(() => heard.closed !== undefined);
  expect(["frame-too-large", "protocol-violation", "lost"]).toContain(heard.closed);
  await expectUnharmed(scene);
});

test("a link on which nothing is asked is closed", async () => {
  const scene = await attacked(4);
  const link = await scene.world.settle(scene.context.open(GossipProtocol, scene.victim.peer));
  const heard = listen(link);
  await scene.world.runUntil(() => heard.closed !== undefined, { withinMs: 3_000 });
  expect(heard.closed).toBe("timeout");
  await expectUnharmed(scene);
});

test.each<[string, (scene: Scene) => Partial<PeerEntry>, string]>([
  ["from the future", ({ context }) => ({ at: context.clock.now() + 60_000 }), "FUTURE"],
  ["too old", ({ context }) => ({ at: context.clock.now() - 600_000 }), "EXPIRED"],
  ["of another network", () => ({ network: digest("x") as PeerEntry["network"] }), "FOREIGN"],
])("an entry %s goes nowhere", async (_what, change, reason) => {
  const scene = await attacked(5);
  const entry = entryBy(sybil(1), scene, change(scene));
  expect(scene.victim.discovery.feed(entry)).toMatchObject({
    ok: false,
    error: { code: `DISCOVERY_ENTRY_${reason}` },
  });
  const { link, heard } = await neighbourly(scene);
  link.send({ kind: "entry", entry });
  await scene.world.run(5_000);
  expect(heard.closed).toBeUndefined();
  await expectUnharmed(scene);
});

test("an earlier entry or goodbye that is played again changes nothing", async () => {
  const scene = await attacked(6);
  const n1 = scene.nodes[1] as ClusterNode;
  const early = n1.discovery.signedEntry;
  n1.discovery.addTags("later");
  await scene.world.run(1_000);
  const { link } = await neighbourly(scene);
  link.send({ kind: "entry", entry: early });
  await scene.world.run(1_000);
  expect(scene.victim.discovery.catalog.value.peers.get(n1.peer)?.tags).toEqual(new Set(["later"]));
  await expectUnharmed(scene);
});

test("hints that somebody is gone drop nobody who is there", async () => {
  const scene = await attacked(7);
  const { link } = await neighbourly(scene);
  for (let round = 0; round < 20; round++) {
    for (const node of scene.nodes) {
      const id = { peer: node.peer, version: node.discovery.catalog.value.me.version };
      link.send({ kind: "suspect", ids: encodeEntryIds([id]) });
    }
    await scene.world.run(100);
  }
  for (const node of scene.nodes) expect(knownTo(node).length).toBeGreaterThanOrEqual(3);
  await expectUnharmed(scene);
});

test("a flood of messages is dropped, and the others are heard as before", async () => {
  const scene = await attacked(8);
  const { link } = await neighbourly(scene);
  const ids = encodeEntryIds(
    Array.from({ length: 200 }, (_, n) => ({
      peer: digest("nobody", String(n)) as PeerId,
      version: { epoch: 1, sequence: n },
    })),
  );
  for (let count = 0; count < 10_000; count++) link.send({ kind: "have", ids });
  scene.nodes[2]?.discovery.addTags("heard");
  const n2 = scene.nodes[2] as ClusterNode;
  await scene.world.runUntil(
    () => scene.victim.discovery.catalog.value.peers.get(n2.peer)?.tags.has("heard") === true,
    { withinMs: 2_000 },
  );
  await expectUnharmed(scene);
});

test("a flood of peers displaces none of the honest", async () => {
  const scene = await attacked(9, { catalogPeersMax: 20 });
  const { link } = await neighbourly(scene);
  const strangers = Array.from({ length: 200 }, (_, n) => sybil(n));
  for (const identity of strangers) link.send({ kind: "entry", entry: entryBy(identity, scene) });
  await scene.world.run(5_000);
  for (const node of scene.nodes) expect(knownTo(node).length).toBeLessThanOrEqual(20);
  const late = await scene.cluster.start("late", { options: { catalogPeersMax: 20 } });
  await scene.world.runUntil(() => scene.nodes.every((node) => knownTo(node).includes(late.peer)), {
    withinMs: 30_000,
  });
  await expectUnharmed(scene, [late.peer, ...strangers.map(({ peer }) => peer)]);
});

test("a sync in which nothing is said ends in time, and holds up no other", async () => {
  const scene = await attacked(10);
  const links: Heard<SyncMessage>[] = [];
  for (let count = 0; count < 5; count++) {
    links.push(
      listen(await scene.world.settle(scene.context.open(SyncProtocol, scene.victim.peer))),
    );
  }
  const n3 = scene.nodes[3] as ClusterNode;
  const startedAt = scene.world.elapsedMs;
  await scene.world.settle(n3.discovery.sync(scene.victim.peer));
  expect(scene.world.elapsedMs - startedAt).toBeLessThan(500);
  await scene.world.runUntil(() => links.every(({ closed }) => closed !== undefined), {
    withinMs: 6_000,
  });
  await expectUnharmed(scene);
});

test("a forged entry in a sync ends it", async () => {
  const scene = await attacked(11);
  const link = await scene.world.settle(scene.context.open(SyncProtocol, scene.victim.peer));
  const heard = listen(link);
  link.send({ kind: "hello", entry: new Uint8Array(200), summary: new Uint8Array(0) });
  await scene.world.runUntil(() => heard.closed !== undefined);
  expect(heard.closed).toBe("forged");
  await expectUnharmed(scene);
});

test("messages of a sync out of turn end it", async () => {
  const scene = await attacked(12);
  const link = await scene.world.settle(scene.context.open(SyncProtocol, scene.victim.peer));
  const heard = listen<SyncMessage>(link);
  link.send({ kind: "entries", entries: [], last: true });
  await scene.world.runUntil(() => heard.closed !== undefined);
  expect(heard.closed).toBe("protocol-violation");
  await expectUnharmed(scene);
});

test("bytes that are no entry are refused by name", async () => {
  const scene = await attacked(13);
  const { discovery } = scene.victim;
  const refused = (bytes: Uint8Array) => discovery.feed(bytes);
  expect(refused(new Uint8Array(0))).toMatchObject({
    error: { code: "DISCOVERY_ENTRY_MALFORMED" },
  });
  expect(refused(new Uint8Array(500))).toMatchObject({ error: { code: "DISCOVERY_ENTRY_FORGED" } });
  expect(refused(encodeUtf8("x".repeat(20_000)))).toMatchObject({
    error: { code: "DISCOVERY_ENTRY_MALFORMED" },
  });
  expect(refused(discovery.signedEntry)).toMatchObject({
    error: { code: "DISCOVERY_ENTRY_STALE" },
  });
  await expectUnharmed(scene);
});
