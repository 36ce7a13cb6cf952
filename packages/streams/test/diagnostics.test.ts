import { CatalogEntrySection, CatalogSection, discovery } from "@mosaik/discovery";
import { World } from "@mosaik/testing";
import { createNetwork, diagnostics, MetricsSection } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import * as v from "valibot";
import { expect, test } from "vitest";
import {
  defineStream,
  PublishAction,
  StreamSampleSection,
  StreamsSection,
  streams,
} from "../src/index.ts";

const Text = defineStream<string>("text");
const Secret = defineStream("secret", { schema: v.object({ pin: v.number() }), sensitive: true });
const writeKey = "the key to write of this test";

class Pair {
  readonly world = new World({ seed: 1 });
  readonly #memory = createMemoryNetwork({
    clock: this.world.clock(),
    random: this.world.random("network"),
    latencyMs: [1, 5],
  });

  start(number: number) {
    return createNetwork({
      network: "test",
      seeds: number === 1 ? [] : ["/memory/1"],
      transport: this.#memory.transport({ address: `/memory/${number}` }),
      services: {
        discovery: discovery(),
        streams: streams(),
        diagnostics: diagnostics({ writeKey }),
      },
      system: { clock: this.world.clock(), random: this.world.random(`node ${number}`) },
    });
  }

  /** Two nodes, the first of which inspects the other. */
  run(script: (nodes: Awaited<ReturnType<Pair["nodes"]>>) => Promise<void>): Promise<void> {
    const all = async (): Promise<void> => {
      const nodes = await this.nodes();
      await script(nodes);
      await nodes.two.close();
      await nodes.one.close();
    };
    return this.world.settle(all(), { withinMs: 60_000 });
  }

  async nodes() {
    const [one, two] = [await this.start(1), await this.start(2)];
    await one.discovery.when.discovered({ atLeast: 1 });
    const inspection = await one.diagnostics.inspect(two.peer, { grant: "write", key: writeKey });
    return { one, two, inspection };
  }
}

test("an inspector sees some of the items that pass, from the moment it looks until it stops", async () => {
  const pair = new Pair();
  await pair.run(async ({ one, two, inspection }) => {
    const producer = two.streams.produce(Text);
    const consumer = one.streams.consume(Text);
    await producer.when.subscribed();
    const look = () => inspection.read(StreamSampleSection, { query: { stream: Text.id } });
    await producer.send("nobody looks");
    await pair.world.sleep(100);
    expect(await look()).toEqual({ sensitive: false, seen: 0, items: {} });
    await producer.send("somebody looks");
    await pair.world.sleep(100);
    expect(await look()).toMatchObject({
      seen: 1,
      items: { 1: { sequence: 1, text: '"somebody looks"', bytes: expect.any(Number) } },
    });
    const own = await one.diagnostics.inspect(one.peer);
    const arriving = () => own.read(StreamSampleSection, { query: { stream: Text.id } });
    await arriving();
    for (let count = 0; count < 300; count++) {
      await producer.send("x".repeat(5_000));
      await pair.world.sleep(1);
    }
    await pair.world.sleep(100);
    const { seen, items } = await look();
    expect(seen).toBe(301);
    expect(Object.keys(items).length).toBeLessThanOrEqual(32);
    expect(Object.values(items).at(-1)?.text).toHaveLength(2_048);
    expect(Object.values((await arriving()).items).at(-1)).toMatchObject({ producer: two.peer });
    await pair.world.sleep(11_000);
    await producer.send("nobody looks any more");
    await pair.world.sleep(100);
    expect(await look()).toEqual({ sensitive: false, seen: 0, items: {} });
    await consumer.close();
  });
});

test("an inspector sees nothing of the items of a sensitive stream but that they pass", async () => {
  const pair = new Pair();
  await pair.run(async ({ one, two, inspection }) => {
    const producer = two.streams.produce(Secret);
    one.streams.consume(Secret);
    await producer.when.subscribed();
    const look = () => inspection.read(StreamSampleSection, { query: { stream: Secret.id } });
    await look();
    await producer.send({ pin: 1234 });
    await pair.world.sleep(100);
    const sample = await look();
    expect(sample).toMatchObject({ sensitive: true, seen: 1, items: { 1: { sequence: 0 } } });
    expect(Object.keys(sample.items[1] ?? {}).sort()).toEqual(["at", "bytes", "sequence"]);
  });
});

test("an inspector that may write has a node send items that fit the stream", async () => {
  const pair = new Pair();
  await pair.run(async ({ one, two, inspection }) => {
    const publish = (
      item: { json: string } | { encoded: Uint8Array },
      stream: string = Secret.id,
    ) => inspection.act(PublishAction, { stream, item });
    const failed = { code: "DIAGNOSTICS_FAILED" };
    await expect(publish({ json: "{}" })).rejects.toMatchObject(failed);
    const producer = two.streams.produce(Secret);
    expect(await publish({ json: '{"pin":1}' })).toEqual({ outcome: "offline" });
    const consumer = one.streams.consume(Secret);
    await producer.when.subscribed();
    expect(await publish({ json: '{"pin":2}' })).toEqual({ outcome: "sent" });
    const encoded = Secret.codec.encode({ pin: 3 });
    expect(await publish({ encoded })).toEqual({ outcome: "sent" });
    for (const item of [{ json: '{"pin":"x"}' }, { json: "{" }, { encoded: new Uint8Array(4) }]) {
      await expect(publish(item)).rejects.toMatchObject(failed);
    }
    expect(await consumer.receive()).toEqual({ pin: 2 });
    expect(await consumer.receive()).toEqual({ pin: 3 });
    const reader = await one.diagnostics.inspect(two.peer);
    await expect(
      reader.act(PublishAction, { stream: Secret.id, item: { json: '{"pin":4}' } }),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_REFUSED" });
  });
});

test("an inspector sees the catalog, who feeds whom, who was refused and why, and what happened", async () => {
  const world = new World({ seed: 1 });
  const memory = createMemoryNetwork({
    clock: world.clock(),
    random: world.random("network"),
    latencyMs: [1, 5],
  });
  const start = (number: number, tag: string) =>
    createNetwork({
      network: "test",
      tags: [tag],
      seeds: number === 1 ? [] : ["/memory/1"],
      transport: memory.transport({ address: `/memory/${number}` }),
      services: { discovery: discovery(), streams: streams(), diagnostics: diagnostics() },
      system: { clock: world.clock(), random: world.random(`node ${number}`) },
    });
  const script = async (): Promise<void> => {
    const hub = await start(1, "hub");
    const station = await start(2, "station");
    const stranger = await start(3, "stranger");
    const producer = station.streams.produce(Text, {
      accept: (peer) => peer.tags.has("hub"),
      lag: { policy: "drop-oldest", itemsMax: 8 },
    });
    const consumer = hub.streams.consume(Text, { windowBytes: 4_096 });
    const refused = stranger.streams.consume(Text);
    await world.within(5_000, producer.when.subscribed());
    while (refused.refusals.size === 0) await world.sleep(100);
    for (let item = 0; item < 200; item++) await producer.send("x".repeat(100));
    await world.sleep(1_000);

    const inspection = await hub.diagnostics.inspect(station.peer);
    const { produced } = await inspection.read(StreamsSection);
    expect(produced[Text.id]).toMatchObject({
      name: "text",
      online: true,
      sequence: 200,
      lag: { policy: "drop-oldest", itemsMax: 8 },
      consumers: { [hub.peer]: { waitingItems: 8 } },
      refused: { [stranger.peer]: { reason: "not-allowed" } },
    });
    const { items, dropped, waitingItems } = produced[Text.id]?.consumers[hub.peer] ?? {};
    expect((items ?? 0) + (dropped ?? 0) + (waitingItems ?? 0)).toBe(200);
    const {
      mosaik_stream_items_produced_total: counted,
      mosaik_stream_consumers: counting,
      mosaik_stream_refusals_total: refusals,
      mosaik_discovery_peers: peers,
    } = await inspection.read(MetricsSection);
    expect(counted?.numbers).toEqual({ text: 200 });
    expect(counting?.numbers).toEqual({ text: 1 });
    expect(refusals?.numbers["not-allowed"]).toBeGreaterThan(0);
    expect(peers?.numbers).toEqual({ "": 2 });
    const events: string[] = [];
    for await (const event of inspection.events()) {
      if (event.kind !== "event") continue;
      const { reason = "" } = event.facts;
      events.push(`${event.name} ${reason}`);
      if (events.some((name) => name.startsWith("stream.refused"))) break;
    }
    expect(events).toContain("stream.subscribed ");
    expect(events.at(-1)).toBe("stream.refused not-allowed");

    const away = await hub.diagnostics.inspect(stranger.peer);
    const { consumed } = await away.read(StreamsSection);
    expect(consumed).toEqual({
      1: expect.objectContaining({ items: 0, refusals: { [station.peer]: "not-allowed" } }),
    });
    const catalog = await away.read(CatalogSection);
    expect(Object.keys(catalog.peers).sort()).toEqual([hub.peer, station.peer].sort());
    expect(catalog.me.offers["stream.consumer"]).toEqual([Text.id]);
    expect(catalog.peers[station.peer]).toMatchObject({ tags: ["station"] });
    const page = await away.read(CatalogSection, { query: { from: "", limit: 1 } });
    expect(Object.keys(page.peers)).toHaveLength(1);
    const rest = await away.read(CatalogSection, { query: { from: page.next ?? "", limit: 1 } });
    expect(rest).toMatchObject({ size: 2, peers: { [page.next ?? ""]: {} } });
    expect(rest.next).toBeUndefined();
    const held = (peer: string) => away.read(CatalogEntrySection, { query: { peer } });
    const { signed, signature } = await held(station.peer);
    expect(signature).toBe("valid");
    expect(signed).toEqual(station.discovery.signedEntry);
    expect(await held("nobody")).toEqual({ signature: "absent" });
    await consumer.close();
    for (const node of [stranger, station, hub]) await node.close();
  };
  await world.settle(script(), { withinMs: 60_000 });
});
