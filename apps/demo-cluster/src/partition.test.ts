import { createNetwork, defineStream, discovery, libp2pTransport, streams } from "mosaik";
import { expect, test } from "vitest";
import { Partition } from "./partition.ts";

const Count = defineStream<number>("count");

function start(partition: Partition, seeds: readonly string[] = []) {
  return createNetwork({
    network: "partition",
    seeds,
    transport: partition.wrap(libp2pTransport({ listen: ["127.0.0.1:0"] })),
    services: { discovery: discovery(), streams: streams() },
  });
}

test("a cut holds what was on its way; healed in time, it arrives in order and nobody noticed", async () => {
  const partition = new Partition();
  const producer = await start(new Partition());
  const near = await start(new Partition(), producer.addresses);
  const far = await start(partition, producer.addresses);
  const out = producer.streams.produce(Count);
  const here = near.streams.consume(Count);
  const there = far.streams.consume(Count);
  await out.when.subscribed({ atLeast: 2 });
  await out.send(0);
  expect([await here.receive(), await there.receive()]).toEqual([0, 0]);

  partition.cut();
  for (const count of [1, 2, 3]) await out.send(count);
  for (const count of [1, 2, 3]) expect(await here.receive()).toBe(count);
  expect(there.tryReceive()).toBeUndefined();
  partition.heal();
  for (const count of [1, 2, 3]) expect(await there.receive()).toBe(count);
  expect(there.stats).toMatchObject({ items: 4, gaps: 0 });
  for (const network of [far, near, producer]) await network.close();
}, 30_000);

test("nobody can dial out of a cut", async () => {
  const partition = new Partition();
  partition.cut();
  const other = await start(new Partition());
  const alone = await start(partition, other.addresses);
  expect(alone.connections.value.size).toBe(0);
  partition.heal();
  await alone.discovery.when.discovered();
  expect(alone.connections.value.has(other.peer)).toBe(true);
  await alone.close();
  await other.close();
}, 30_000);

test("who waits for a healing can give up", async () => {
  const partition = new Partition();
  partition.cut();
  await expect(partition.whole(AbortSignal.abort("enough"))).rejects.toBe("enough");
  const waiting = partition.whole(new AbortController().signal);
  partition.heal();
  await waiting;
});
