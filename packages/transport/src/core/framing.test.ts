import { concatBytes, encodeHex } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FrameReader,
  type FrameSink,
  frame,
  frameHeaderBytes,
  frameKinds,
  frameLength,
} from "./framing.ts";

const limits = { data: 300, message: 200, close: 20, moved: 16 };

/** Reads chunks and lists what came out, a line a frame. */
function read(chunks: readonly Uint8Array[]): { frames: string[]; accepted: boolean } {
  const frames: string[] = [];
  const note = (kind: string, payload: Uint8Array): void => {
    frames.push(`${kind} ${encodeHex(payload)}`);
  };
  const sink: FrameSink = {
    data(run, count) {
      let offset = 0;
      for (let index = 0; index < count; index++) {
        const end = offset + frameHeaderBytes + frameLength(run, offset);
        note("data", run.subarray(offset + frameHeaderBytes, end));
        offset = end;
      }
      expect(offset).toBe(run.byteLength);
    },
    message: (payload) => note("message", payload),
    close: (payload) => note("close", payload),
    moved: (payload) => note("moved", payload),
  };
  const reader = new FrameReader(limits);
  const accepted = chunks.every((chunk) => reader.push(chunk, sink));
  return { frames, accepted };
}

function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [...new Set(at.map((place) => place % (bytes.byteLength + 1)))].sort(
    (a, b) => a - b,
  );
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const place of [...places, bytes.byteLength]) {
    chunks.push(bytes.subarray(from, place));
    from = place;
  }
  return chunks;
}

const anyFrame = fc
  .constantFrom<keyof typeof frameKinds>("data", "message", "close", "moved")
  .chain((kind) =>
    fc.uint8Array({ maxLength: limits[kind] }).map((payload) => ({ kind, payload })),
  );

describe("frames", () => {
  it("come out as they went in, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(anyFrame), fc.array(fc.nat()), (frames, places) => {
        const bytes = concatBytes(...frames.map((f) => frame(frameKinds[f.kind], f.payload)));
        const expected = frames.map((f) => `${f.kind} ${encodeHex(f.payload)}`);
        expect(read(cut(bytes, places))).toEqual({ frames: expected, accepted: true });
      }),
      { numRuns: 3_000 },
    );
  });

  it("come out of single bytes", () => {
    const bytes = concatBytes(
      frame(frameKinds.data, Uint8Array.of(1, 2, 3)),
      frame(frameKinds.message, new Uint8Array(0)),
      frame(frameKinds.close, Uint8Array.of(9)),
    );
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(read(single).frames).toEqual(["data 010203", "message ", "close 09"]);
  });

  it("longer than their kind's limit are refused, and those before them are not lost", () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 5 }), fc.array(fc.nat()), (frames, places) => {
        const good = frames.map((f) => frame(frameKinds[f.kind], f.payload));
        const bad = frame(frameKinds.message, new Uint8Array(limits.message + 1));
        const outcome = read(cut(concatBytes(...good, bad), places));
        expect(outcome.accepted).toBe(false);
        expect(outcome.frames).toHaveLength(frames.length);
      }),
    );
  });

  it("that lie about their length allocate nothing", () => {
    const liar = Uint8Array.of(0x3f, 0xff, 0xff, 0xff);
    expect(read([liar]).accepted).toBe(false);
    expect(read([...liar].map((byte) => Uint8Array.of(byte))).accepted).toBe(false);
  });

  it("side by side are handed on uncopied", () => {
    const bytes = concatBytes(
      frame(frameKinds.data, Uint8Array.of(1)),
      frame(frameKinds.data, Uint8Array.of(2)),
    );
    const runs: [Uint8Array, number][] = [];
    new FrameReader(limits).push(bytes, {
      data: (run, count) => runs.push([run, count]),
      message: () => {},
      close: () => {},
      moved: () => {},
    });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.[1]).toBe(2);
    expect(runs[0]?.[0].buffer).toBe(bytes.buffer);
  });

  it("made of garbage never throw", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 }), (chunks) => {
        read(chunks);
      }),
      { numRuns: 100_000 },
    );
  });
});
