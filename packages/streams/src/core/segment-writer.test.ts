import { concatBytes } from "@mosaik/primitives";
import { frame, frameKinds } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Run, SegmentWriter } from "./segment-writer.ts";

/** Writes items, cutting where the writer asks for it and after those whose number is in `cuts`. */
function write(items: readonly Uint8Array[], cuts: ReadonlySet<number>, segmentBytes = 64): Run[] {
  const writer = new SegmentWriter(segmentBytes);
  const runs: Run[] = [];
  const cut = (): void => {
    const run = writer.cut();
    if (run !== undefined) runs.push(run);
  };
  items.forEach((item, index) => {
    if (writer.crowded(item.byteLength)) cut();
    writer.append(item);
    if (cuts.has(index)) cut();
  });
  cut();
  return runs;
}

describe("a segment writer", () => {
  it("frames all items in order, wherever its runs are cut", () => {
    const item = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(fc.array(item), fc.uniqueArray(fc.nat(20)), (items, cuts) => {
        const runs = write(items, new Set(cuts));
        const expected = items.map((bytes) => frame(frameKinds.data, bytes));
        expect(concatBytes(...runs.map((run) => run.frames))).toEqual(concatBytes(...expected));
        expect(runs.reduce((sum, run) => sum + run.items, 0)).toBe(items.length);
      }),
    );
  });

  it("never changes what it has cut", () => {
    const writer = new SegmentWriter(64);
    writer.append(Uint8Array.of(1, 2));
    const run = writer.cut();
    const before = run?.frames.slice();
    writer.append(Uint8Array.of(3, 4));
    writer.cut();
    expect(run?.frames).toEqual(before);
  });

  it("keeps a copy, so that the item's bytes may be used again", () => {
    const writer = new SegmentWriter(64);
    const item = Uint8Array.of(9, 9);
    writer.append(item);
    item.fill(0);
    expect(writer.cut()?.frames.subarray(4)).toEqual(Uint8Array.of(9, 9));
  });

  it("gives a large item a buffer of its own, exactly as large as it is framed", () => {
    const [run] = write([new Uint8Array(1000)], new Set());
    expect(run?.frames.buffer.byteLength).toBe(1004);
  });

  it("has nothing to cut where nothing was added", () => {
    const writer = new SegmentWriter(64);
    expect(writer.cut()).toBeUndefined();
    writer.append(new Uint8Array(0));
    expect(writer.cut()?.items).toBe(1);
    expect(writer.cut()).toBeUndefined();
  });
});
