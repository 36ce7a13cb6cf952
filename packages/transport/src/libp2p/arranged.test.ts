import type { Connection as LibConnection } from "@libp2p/interface";
import { World } from "@mosaik/testing";
import { expect, it } from "vitest";
import { arranged } from "./arranged.ts";

const straight = {} as LibConnection; // which one is all that counts

/** A relayed connection whose stream for signals the other end may have closed. */
function relayedConnection() {
  const stream = {
    protocol: "/webrtc-signaling/0.0.1",
    remoteWriteStatus: "writable",
    direction: "outbound",
  };
  return { stream, connection: { status: "open", streams: [stream] } as unknown as LibConnection };
}

const hanging = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("the operation was aborted")));
  });

it("an attempt that waits for an end that is done is followed by another", async () => {
  const world = new World({ seed: 1 });
  const { stream, connection: relayed } = relayedConnection();
  const connections = () => [relayed];
  const clock = world.clock();
  let attempts = 0;
  const dial = async (signal: AbortSignal): Promise<LibConnection> => {
    if (++attempts === 3) return straight;
    stream.remoteWriteStatus = "closed";
    return hanging(signal);
  };
  const { signal } = new AbortController();
  expect(await world.settle(arranged({ relayed, connections, signal, clock, dial }))).toBe(
    straight,
  );
  expect(attempts).toBe(3);
  expect(clock.monotonic()).toBeLessThan(1_000);
});

it("one that merely takes long has its time, and then no more", async () => {
  const world = new World({ seed: 1 });
  const { connection: relayed } = relayedConnection();
  const connections = () => [relayed];
  const clock = world.clock();
  let attempts = 0;
  const dial = (signal: AbortSignal): Promise<LibConnection> => {
    attempts += 1;
    return hanging(signal);
  };
  const { signal } = new AbortController();
  const arranging = arranged({ relayed, connections, signal, clock, dial });
  await expect(world.settle(arranging)).rejects.toThrow("no answer in time");
  expect(attempts).toBe(1);
});
