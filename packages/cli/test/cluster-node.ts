// One node of the tests' cluster: joins a group, keeps a map, produces or consumes readings.

import { flushCompileCache } from "node:module";
import { decodeHex } from "@mosaik/primitives";
import { createNode, defineMap, defineStream, memoryStorage, parseGroupKey } from "mosaik";
import { z } from "zod";
import { Counter } from "./counter.ts";

const [name = "", secretKey = "", groupKey = "", ...seeds] = process.argv.slice(2);

const Reading = defineStream<{ readonly celsius: number }>("sensor.reading");
const Command = defineStream<unknown>("sensor.command");
const Prices = defineMap({
  name: "prices",
  durability: "memory",
  key: z.string(),
  value: z.number(),
});

const node = await createNode({
  network: "golden",
  tags: [name],
  seeds,
  listen: ["127.0.0.1:0"],
  secretKey: decodeHex(secretKey),
  diagnostics: { writeKey: "the key of the golden cluster" },
});
const key = parseGroupKey(groupKey);
// the others lead only where the first does not, so that it is the same each time
const preference = name === "member-1" ? "normal" : "reluctant";
const joined = { key, storage: memoryStorage(), founders: 3, preference } as const;
const group = await node.groups.join({ ...joined, machine: Counter });
const prices = await node.stores.writer(Prices, joined);
if (name === "member-1") {
  const out = node.streams.produce(Reading);
  let count = 0;
  setInterval(() => out.trySend({ celsius: 20 + (count++ % 5) }), 50);
} else {
  const readings = node.streams.consume(Reading);
  void (async () => {
    for await (const _ of readings);
  })();
}
if (name === "member-2") {
  void (async () => {
    for await (const item of node.streams.consume(Command)) process.send?.({ kind: "item", item });
  })();
}
process.send?.({ kind: "listening", peer: node.peer, address: node.addresses[0] });
await group.when.online();
await prices.when.online();
if (name === "member-1") {
  await group.executeMany([{ add: 1 }, { add: 2 }]);
  await prices.set("apple", 3);
  await prices.set("pear", 4);
}
process.send?.({ kind: "settled" });
flushCompileCache(); // it is killed in the end; those that start later load what it compiled
