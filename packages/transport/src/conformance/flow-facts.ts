import { concatBytes, equalBytes, type Random, randomInteger } from "@mosaik/primitives";
import { expect } from "vitest";
import type { Channel } from "../transport.ts";
import type { Rig } from "./rig.ts";
import type { Fact } from "./suite.ts";

/** What holds of bytes on their way. */
export function flowFacts(fact: Fact): void {
  fact("a MiB each way in chunks of any size arrives whole and in order", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near, far, nearTap, farTap } = await rig.openTapped(outbound, b);
    const [there, back] = [chunksOf(rig, 2 ** 20), chunksOf(rig, 2 ** 20)];
    for (let index = 0; index < Math.max(there.length, back.length); index++) {
      writeCopy(near, there[index]);
      writeCopy(far, back[index]);
      if (near.full || far.full) await rig.until(() => !near.full && !far.full, "there is room");
    }
    await rig.until(() => farTap.count >= 2 ** 20 && nearTap.count >= 2 ** 20, "all arrived");
    expect(equalBytes(farTap.bytes, concatBytes(...there))).toBe(true);
    expect(equalBytes(nearTap.bytes, concatBytes(...back))).toBe(true);
  });

  fact("what arrives before anybody listens is kept", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near, far } = await rig.open(outbound, b);
    near.write(Uint8Array.of(1, 2));
    await rig.pause(50);
    near.write(Uint8Array.of(3));
    await rig.pause(50);
    const tap = rig.tap(far);
    near.write(Uint8Array.of(4));
    await rig.until(() => tap.count === 4, "all arrived");
    expect([...tap.bytes]).toEqual([1, 2, 3, 4]);
  });

  fact("writing without pause fills the buffers, which then drain", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near, nearTap, farTap } = await rig.openTapped(outbound, b);
    const sent = writeUntilFull(near);
    expect(near.full).toBe(true);
    await rig.until(() => nearTap.drains === 1, "there is room again");
    expect(near.full).toBe(false);
    await rig.until(() => farTap.count === sent, "all arrived");
  });

  fact("a channel that nobody listens to takes a bounded amount, and keeps it", async (rig) => {
    const { b, outbound } = await rig.pair();
    const { near, far } = await rig.open(outbound, b);
    rig.tap(near);
    const sent = await writeUntilStuck(rig, near);
    const tap = rig.tap(far);
    await rig.until(() => tap.count === sent && !near.full, "all arrived, and there is room");
  });

  fact("a channel that is full does not keep another from flowing", async (rig) => {
    const { b, outbound } = await rig.pair();
    const stuck = await rig.open(outbound, b);
    rig.tap(stuck.near);
    await writeUntilStuck(rig, stuck.near);
    const { near, farTap } = await rig.openTapped(outbound, b);
    near.write(new Uint8Array(1000));
    await rig.until(() => farTap.count === 1000, "the other channel's bytes arrive");
  });
}

const blockBytes = 64 * 1024;
/** A channel that takes more than this before it is full has no bound. */
const takenBytesMax = 32 * 2 ** 20;

/** Writes a copy: what is written belongs to the channel. */
function writeCopy(channel: Channel, chunk: Uint8Array | undefined): void {
  if (chunk !== undefined) channel.write(chunk.slice());
}

/** Writes blocks until the channel is full; returns how many bytes. */
function writeUntilFull(channel: Channel): number {
  for (let sent = blockBytes; sent <= takenBytesMax; sent += blockBytes) {
    const room = channel.write(new Uint8Array(blockBytes));
    expect(channel.full).toBe(!room);
    if (!room) return sent;
  }
  throw new Error("the channel is never full");
}

/** Writes whenever there is room until there has been none for a while; returns how many bytes. */
async function writeUntilStuck(rig: Rig, channel: Channel): Promise<number> {
  let sent = 0;
  for (let roomAt = rig.clock.monotonic(); rig.clock.monotonic() < roomAt + 400; ) {
    if (!channel.full) {
      sent += writeUntilFull(channel);
      roomAt = rig.clock.monotonic();
      expect(sent).toBeLessThan(takenBytesMax);
    }
    await rig.pause(10);
  }
  return sent;
}

/** Random bytes in chunks of 1 byte to 64 KiB. */
function chunksOf(rig: Rig, total: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let left = total; left > 0; ) {
    const size = Math.min(left, randomSize(rig.bed.random));
    chunks.push(rig.bed.random.bytes(size));
    left -= size;
  }
  return chunks;
}

/** Small sizes as often as large ones. */
function randomSize(random: Random): number {
  return randomInteger(random, 1, 2 ** randomInteger(random, 0, 16));
}
