import { discovery } from "@mosaik/discovery";
import { peerId } from "@mosaik/primitives";
import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { indexedDbBlocks } from "@mosaik/store/browser";
import { defineStream, streams } from "@mosaik/streams";
import { until } from "@mosaik/testing";
import { createNetwork } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { deleteDB, openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type BlockHead, replay } from "../../src/index.ts";

const Count = defineStream("count", { schema: z.number() });
const database = `mosaik/history/${Count.id}`;
const storage = indexedDbBlocks();

beforeEach(() => deleteDB(database));

function head(number: number): BlockHead {
  const producer = peerId(new Uint8Array(32).fill(1));
  const incarnation = "00".repeat(8);
  return {
    number,
    producer,
    incarnation,
    sequence: number * 2,
    items: 2,
    bytes: 10,
    fromMs: 1,
    atMs: 2,
  };
}

const frames = (number: number): Uint8Array => new Uint8Array(10).fill(number);

describe("the history of a stream in IndexedDB", () => {
  it("is found as it was written, without what was dropped", async () => {
    const room = await storage.open(Count.id);
    for (let number = 0; number < 12; number++) await room.append(head(number), frames(number));
    await room.dropBefore(3);
    await room.close();
    const again = await storage.open(Count.id);
    expect(again.found).toEqual(Array.from({ length: 9 }, (_, at) => head(at + 3)));
    expect(again.damaged).toBe(0);
    expect(await again.read(11)).toEqual(frames(11));
    expect(await again.read(2)).toBeUndefined();
    await again.close();
  });

  it("gives no bytes that changed, and leaves out a head that is none", async () => {
    const room = await storage.open(Count.id);
    for (let number = 0; number < 3; number++) await room.append(head(number), frames(number));
    await room.close();
    const raw = await openDB(database);
    const sealed: Uint8Array = await raw.get("frames", 1);
    sealed[35] = 99;
    await raw.put("frames", sealed, 1);
    await raw.put("heads", { ...head(2), items: "many" });
    raw.close();
    const again = await storage.open(Count.id);
    expect([again.found.length, again.damaged]).toEqual([2, 1]);
    expect([await again.read(0), await again.read(1)]).toEqual([frames(0), undefined]);
    await again.close();
  });

  it("is open once at a time", async () => {
    const room = await storage.open(Count.id);
    await expect(storage.open(Count.id)).rejects.toMatchObject({ code: "STORE_HISTORY_LOCKED" });
    await room.close();
    await (await storage.open(Count.id)).close();
  });

  it("is what a keeper goes on with after its page was loaded anew", async () => {
    const start = () => {
      const memory = createMemoryNetwork({ clock: systemClock, random: systemRandom });
      return createNetwork({
        network: "test",
        transport: memory.transport({ address: "/memory/1" }),
        services: { discovery: discovery(), streams: streams(), replay: replay() },
      });
    };
    const first = await start();
    const keeper = await first.replay.keep(Count, { storage });
    const producer = first.streams.produce(Count);
    await producer.when.subscribed();
    for (let n = 0; n < 1_000; n++) await producer.send(n);
    await keeper.when.reaches(new Map([[first.peer, producer.position]]));
    await first.close();
    const second = await start();
    const again = await second.replay.keep(Count, { storage });
    expect(again.status.value).toMatchObject({ items: 1_000, durability: "fsync" });
    const seen: number[] = [];
    const reader = second.replay.consume(Count);
    void (async () => {
      for await (const n of reader) seen.push(n);
    })();
    await until(() => seen.length === 1_000, { clock: systemClock, withinMs: 20_000 });
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    await second.close();
  });
});
