import { CatalogEntrySection, CatalogSection, discovery } from "@mosaik/discovery";
import { World } from "@mosaik/testing";
import { createNetwork, diagnostics } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { expect, test } from "vitest";
import { defineStream, StreamsSection, streams } from "../src/index.ts";

const Text = defineStream<string>("text");

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
