import { discovery } from "@mosaik/discovery";
import { groups, lanTimings, parseGroupKey } from "@mosaik/groups";
import { memoryStorage } from "@mosaik/groups/memory";
import { condition } from "@mosaik/primitives";
import { defineMap, type MapReader, type MapWriter, stores } from "@mosaik/store";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { z } from "zod";
import type { Answers } from "../processes/calls.ts";
import { serveCalls } from "../processes/serve.ts";
import { type Calls, writersCount } from "./calls.ts";
import { measureSnapshot } from "./snapshot.ts";

const Entries = defineMap({
  name: "bench",
  durability: "memory",
  key: z.string(),
  value: z.number(),
});

let store: MapReader<string, number> | undefined;
let writer: MapWriter<string, number> | undefined;
let isResting = false;
let losses = 0;

function opened<Handle>(handle: Handle | undefined): Handle {
  if (handle === undefined) throw new Error("the store is not open, or only to read");
  return handle;
}

const answers: Answers<Calls> = {
  open: async ({ key, seeds, as, lan }) => {
    const node = await createNetwork({
      network: "bench",
      seeds,
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
      services: { discovery: discovery(), groups: groups(), stores: stores() },
    });
    const options = {
      key: parseGroupKey(key),
      storage: memoryStorage(),
      founders: writersCount,
      ...(lan && { timings: lanTimings }),
    };
    if (as === "reader") store = await node.stores.reader(Entries, options);
    else store = writer = await node.stores.writer(Entries, options);
    let role: string = store.status.value.role;
    store.status.subscribe((now) => {
      if (role === "leader" && now.role !== "leader") losses++;
      role = now.role;
    });
    return node.invite();
  },
  warm: async () => {
    const node = await createNetwork({
      network: "nobody's",
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
      services: { discovery: discovery(), groups: groups(), stores: stores() },
    });
    await node.close();
    measureSnapshot(1_000);
    return null;
  },
  compute: async ({ ms }) => {
    const endsAt = performance.now() + ms;
    while (performance.now() < endsAt) {
      const turnEndsAt = performance.now() + 4;
      while (performance.now() < turnEndsAt);
      await new Promise(setImmediate);
    }
    return null;
  },
  rest: async () => {
    isResting = true;
    return null;
  },
  losses: async () => {
    const since = losses;
    losses = 0;
    return since;
  },
  online: async () => {
    const { status } = opened(store);
    await condition(status, ({ online, members }) => online && members.length >= writersCount);
    return status.value.role;
  },
  fill: async ({ entries }) => {
    const all = (function* () {
      for (let at = 0; at < entries; at++) yield [`key ${at}`, at] as const;
    })();
    return (await opened(writer).setMany(all)).version;
  },
  reach: async ({ version }) => {
    await opened(store).when.reaches(version);
    return opened(store).size;
  },
  writes: async ({ ms, inFlight }) => {
    const to = opened(writer);
    const endsAt = performance.now() + ms;
    let count = 0;
    const lane = async (number: number): Promise<void> => {
      for (let at = number; performance.now() < endsAt; at += inFlight) {
        await to.set(`key ${at % 10_000}`, at);
        count++;
      }
    };
    const begin = performance.now();
    await Promise.all(Array.from({ length: inFlight }, (_, number) => lane(number)));
    return (count * 1_000) / (performance.now() - begin);
  },
  reads: async ({ ms }) => {
    const from = opened(store);
    const { size } = from;
    const begin = performance.now();
    let count = 0;
    let found = 0;
    while (performance.now() - begin < ms) {
      for (let at = 0; at < 1_000; at++, count++) {
        if (from.get(`key ${(count * 7_919) % size}`) !== undefined) found++;
      }
    }
    if (found !== count) throw new Error("a read found nothing");
    return (count * 1_000) / (performance.now() - begin);
  },
  pace: async ({ ms, perSecond }) => {
    const to = opened(writer);
    const times: number[] = [];
    const pending: Promise<void>[] = [];
    const begin = performance.now();
    const total = (ms * perSecond) / 1_000;
    isResting = false;
    for (let sent = 0; sent < total && !isResting; ) {
      // What is late counts from when it was due: a pause of this process hides nothing.
      const due = Math.min(total, ((performance.now() - begin) * perSecond) / 1_000);
      for (; sent < due; sent++) {
        const dueAt = begin + (sent * 1_000) / perSecond;
        const done = to.set(`key ${sent % 10_000}`, sent).then(() => {
          times.push(performance.now() - dueAt);
        });
        done.catch(() => {}); // the call fails below
        pending.push(done);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(pending);
    return times;
  },
  live: async () => {
    const begin = performance.now();
    for (;;) {
      try {
        await opened(store).read({ consistency: "strong" });
        return performance.now() - begin;
      } catch (error) {
        if (performance.now() - begin > 100_000) throw error;
      }
    }
  },
  snapshot: async ({ entries }) => measureSnapshot(entries),
};

serveCalls<Calls>(
  async () => answers,
  ["online", "writes", "reads", "pace", "snapshot", "compute"],
);
