import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { type StreamMessage, StreamProtocol } from "./wire.ts";

const { message } = StreamProtocol;
const examples: StreamMessage[] = [
  {
    kind: "subscribe",
    stream: new Uint8Array(32).fill(1),
    codec: "superjson/2",
    version: 1,
    window: 4 * 1024 * 1024,
    entry: new Uint8Array(500).fill(2),
  },
  { kind: "credit", bytes: 1_048_576 },
  { kind: "accepted", incarnation: new Uint8Array(8).fill(3), sequence: 2 ** 40 },
  { kind: "gap", count: 7 },
  { kind: "end" },
];

describe("a message of the streams protocol", () => {
  it("survives its way over the wire", () => {
    for (const value of examples) {
      expect(message.decode(message.encode(value))).toEqual({ ok: true, value });
    }
  });

  it("is refused where a number or a length is out of range", () => {
    const [subscribe] = examples;
    const wrong = [
      { ...subscribe, stream: new Uint8Array(31) },
      { ...subscribe, window: 1_023 },
      { ...subscribe, window: 2 ** 31 },
      { ...subscribe, version: 65_536 },
      { ...subscribe, codec: "" },
      { ...subscribe, extra: true },
      { kind: "credit", bytes: 0 },
      { kind: "credit", bytes: 1.5 },
      { kind: "accepted", incarnation: new Uint8Array(7), sequence: 0 },
      { kind: "gap", count: -1 },
      { kind: "other" },
    ] as StreamMessage[]; // what a peer may send
    for (const value of wrong) expect(message.decode(message.encode(value)).ok).toBe(false);
  });

  it("is not made of garbage, and garbage never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => !message.decode(bytes).ok),
      { numRuns: inject("fuzzCases") },
    );
  });

  it("never throws where it was damaged", () => {
    const encoded = examples.map((value) => message.encode(value));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...encoded), changes, fc.nat(600), (bytes, damage, cut) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, value] of damage) damaged[at % damaged.byteLength] = value;
        message.decode(damaged.subarray(0, cut));
        message.decode(damaged);
      }),
      { numRuns: inject("fuzzCases") },
    );
  });
});
