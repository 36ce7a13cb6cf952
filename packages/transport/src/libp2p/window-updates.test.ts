import { describe, expect, it } from "vitest";
import { heldWindowBytesMax, heldWindowsMax } from "./config.ts";
import { WindowUpdates } from "./window-updates.ts";

/** A frame of yamux: version 0, kind, flags, stream, length. */
function frame(kind: number, flags: number, stream: number, length: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setUint8(1, kind);
  view.setUint16(2, flags);
  view.setUint32(4, stream);
  view.setUint32(8, length);
  return bytes;
}

const update = (stream: number, length: number): Uint8Array => frame(1, 0, stream, length);

describe("window updates", () => {
  it("wait, added up by stream, and are given once", () => {
    const updates = new WindowUpdates();
    for (const [stream, length] of [
      [1, 100],
      [2, 50],
      [1, 7],
    ] as const) {
      expect(updates.hold(update(stream, length))).toBe(true);
    }
    expect(updates.take()).toEqual([update(1, 107), update(2, 50)]);
    expect(updates.take()).toEqual([]);
  });

  it("do not wait where they make room for much, together or by themselves, or there are many", () => {
    const updates = new WindowUpdates();
    expect(updates.hold(update(1, heldWindowBytesMax + 1))).toBe(false);
    expect(updates.hold(update(1, heldWindowBytesMax))).toBe(true);
    expect(updates.hold(update(1, 1))).toBe(false);
    for (let stream = 2; stream <= heldWindowsMax; stream++) updates.hold(update(stream, 1));
    expect(updates.hold(update(1_000, 1))).toBe(false);
  });

  it.each([
    ["data", frame(0, 0, 1, 9)],
    ["a ping", frame(2, 1, 0, 9)],
    ["a farewell", frame(3, 0, 0, 0)],
    ["an update that opens a stream", frame(1, 1, 1, 9)],
    ["an update that accepts a stream", frame(1, 2, 1, 9)],
    ["an update that ends a stream", frame(1, 4, 1, 0)],
    ["something shorter", update(1, 9).subarray(1)],
    ["a header with its data", new Uint8Array(13)],
  ])("are told from %s, which never waits", (_, other) => {
    const updates = new WindowUpdates();
    expect(updates.hold(other)).toBe(false);
    expect(updates.take()).toEqual([]);
  });
});
