import { expect } from "vitest";
import type { Connection } from "../transport.ts";
import { echo, itemOf, never, type Rig, type TappedPair } from "./rig.ts";
import type { Fact } from "./suite.ts";

/** What holds of the ends of channels, connections and transports. */
export function endFacts(fact: Fact): void {
  channelEnds(fact);
  connectionEnds(fact);
  transportEnds(fact);
}

function channelEnds(fact: Fact): void {
  fact("an end delivers all that was written, then ends both ends once", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channel = await rig.openTapped(outbound, b);
    channel.near.write(new Uint8Array(300_000));
    channel.near.end();
    await bothEnded(rig, channel);
    expect(channel.farTap.count).toBe(300_000);
  });

  fact("the end may come from the one who did not open the channel", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channel = await rig.openTapped(outbound, b);
    channel.far.write(new Uint8Array(1000));
    channel.far.end();
    await bothEnded(rig, channel);
    expect(channel.nearTap.count).toBe(1000);
  });

  fact("both ends may end at the same moment, and more than once", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channel = await rig.openTapped(outbound, b);
    for (const end of [channel.near, channel.far, channel.near, channel.far]) end.end();
    await bothEnded(rig, channel);
    for (const end of [channel.near, channel.far]) end.abort();
    await bothEnded(rig, channel);
  });

  fact("an abort ends both ends once", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channel = await rig.openTapped(outbound, b);
    channel.near.abort();
    channel.near.abort();
    await bothEnded(rig, channel);
  });

  fact("a write after the end is ignored", async (rig) => {
    const { b, outbound } = await rig.pair();
    const channel = await rig.openTapped(outbound, b);
    channel.near.write(new Uint8Array(10));
    channel.near.end();
    channel.near.write(new Uint8Array(10));
    await bothEnded(rig, channel);
    channel.far.write(new Uint8Array(10));
    channel.near.write(new Uint8Array(10));
    await rig.pause(50);
    expect([channel.farTap.count, channel.nearTap.count]).toEqual([10, 0]);
  });

  fact("who listens after the end still gets all bytes, then the end", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near, far } = await rig.open(outbound, b);
    near.write(new Uint8Array(1000));
    near.end();
    await rig.pause(100);
    const tap = rig.tap(far);
    await rig.until(() => tap.ends === 1, "the end is told");
    expect(tap.count).toBe(1000);
  });

  fact("the end of a channel leaves the connection and its other channels alone", async (rig) => {
    const { b, outbound } = await rig.pair();
    const [first, second, third] = [
      await rig.openTapped(outbound, b),
      await rig.openTapped(outbound, b),
      await rig.openTapped(outbound, b),
    ];
    first.near.end();
    second.far.abort();
    await Promise.all([bothEnded(rig, first), bothEnded(rig, second)]);
    third.near.write(new Uint8Array(10));
    await rig.until(() => third.farTap.count === 10, "the bytes arrive");
  });
}

function connectionEnds(fact: Fact): void {
  fact("closing a connection sends what was written, then ends it all once", async (rig) => {
    const { b, outbound, inbound } = await rig.pair();
    const closes = countCloses([outbound, inbound]);
    const channels = [await rig.openTapped(outbound, b), await rig.openTapped(outbound, b)];
    for (const { near } of channels) near.write(new Uint8Array(100_000));
    await Promise.all([outbound.close(), outbound.close()]);
    for (const channel of channels) {
      await bothEnded(rig, channel);
      expect(channel.farTap.count).toBe(100_000);
    }
    await rig.until(() => closes.every((count) => count >= 1), "both ends are told");
    await rig.pause(50);
    expect(closes).toEqual([1, 1]);
  });

  fact("aborting a connection ends both ends and all channels once", async (rig) => {
    const { b, outbound, inbound } = await rig.pair();
    const closes = countCloses([outbound, inbound]);
    const channels = [await rig.openTapped(outbound, b), await rig.openTapped(outbound, b)];
    outbound.abort();
    outbound.abort();
    for (const channel of channels) await bothEnded(rig, channel);
    await rig.until(() => closes.every((count) => count >= 1), "both ends are told");
    await rig.pause(50);
    expect(closes).toEqual([1, 1]);
  });

  fact("who asks after a connection has ended is told so", async (rig) => {
    const { outbound, inbound } = await rig.pair();
    const closes = countCloses([outbound, inbound]);
    inbound.abort();
    await rig.until(() => closes.every((count) => count === 1), "both ends are told");
    const late = countCloses([outbound, inbound]);
    await rig.until(() => late.every((count) => count === 1), "the late ones are told");
  });

  fact("a connection that has ended opens no channel", async (rig) => {
    const { outbound } = await rig.pair();
    await outbound.close();
    await expect(outbound.open(echo, never)).rejects.toMatchObject({ code: "CHANNEL_CLOSED" });
  });

  fact("an open that is on its way when the connection ends rejects", async (rig) => {
    const { outbound } = await rig.pair();
    const rejected = expect(outbound.open(echo, never)).rejects.toMatchObject({
      code: "CHANNEL_CLOSED",
    });
    outbound.abort();
    await rejected;
  });
}

function transportEnds(fact: Fact): void {
  fact("closing a transport ends its connections, and nobody reaches it any more", async (rig) => {
    const { a, b, outbound, inbound } = await rig.pair();
    const closes = countCloses([outbound, inbound]);
    const { addresses } = b.transport;
    const target = { addresses: addresses.value };
    await Promise.all([b.transport.close(), b.transport.close()]);
    await b.transport.close();
    await rig.until(() => closes.every((count) => count === 1), "both ends are told");
    await expect(a.transport.dial(target, never)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
  });

  fact("a transport that was never started can be closed", async (rig) => {
    const transport = await rig.transport();
    await transport.close();
    await transport.close();
  });
}

/** Counts, for each connection, how often it told of its end. */
function countCloses(connections: readonly Connection[]): number[] {
  const counts = connections.map(() => 0);
  connections.forEach((connection, index) => {
    connection.onClose(() => {
      counts[index] = itemOf(counts, index) + 1;
    });
  });
  return counts;
}

/** Waits until both ends were told of the end, and checks that it was once. */
async function bothEnded(rig: Rig, { nearTap, farTap }: TappedPair): Promise<void> {
  await rig.until(() => nearTap.ends > 0 && farTap.ends > 0, "both ends are told of the end");
  await rig.pause(20);
  expect([nearTap.ends, farTap.ends]).toEqual([1, 1]);
}
