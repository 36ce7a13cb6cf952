import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Cluster } from "../cluster.ts";

/** A node of 200 on the memory transport, its catalog and connections included, takes less. */
const heapBytesMax = 2 * 1024 * 1024;

/** Bytes of the heap that are in use, garbage aside. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

test.each([
  { count: 50, withinMs: 3_000, idleS: 30 },
  { count: 200, withinMs: 5_000, idleS: 5 },
])(
  "$count nodes that start at one moment and know one soon know all",
  async (scale) => {
    const { count, withinMs, idleS } = scale;
    let sent = { chunks: 0, bytes: 0 };
    const heapBefore = heapBytes();
    const cluster = new Cluster({
      seed: count,
      onRecord: ({ kind, bytes }) => {
        if (kind === "data") sent = { chunks: sent.chunks + 1, bytes: sent.bytes + bytes };
      },
    });
    const perNode = ({ chunks, bytes }: typeof sent, seconds = 1) => ({
      chunks: Math.round(chunks / count / seconds),
      bytes: Math.round(bytes / count / seconds),
    });
    await cluster.startAll(Array.from({ length: count }, (_, index) => `n${index}`));
    const convergedMs = Math.round(await cluster.converge({ withinMs }));
    const joining = perNode(sent);
    const heap = Math.round((heapBytes() - heapBefore) / count);
    sent = { chunks: 0, bytes: 0 };
    await cluster.world.run(idleS * 1_000);
    const idlePerSecond = perNode(sent, idleS);
    console.warn(
      JSON.stringify({ nodes: count, convergedMs, perNode: { joining, idlePerSecond, heap } }),
    );
    // An entry has some 330 bytes: each must get that of each other once, and it may be told of it
    // and offered it some more times.
    expect(joining.bytes).toBeLessThan(count * 330 * 4);
    expect(heap).toBeLessThan(heapBytesMax);
  },
  180_000,
);
