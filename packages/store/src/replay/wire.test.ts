import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { type ReplayMessage, ReplayProtocol, sourcesPerAnswer } from "./wire.ts";

const { message } = ReplayProtocol;
const producer = new Uint8Array(32).fill(7);
const incarnation = new Uint8Array(8).fill(9);
const source = { producer, incarnation, first: 3, end: 2 ** 40, since: 5, older: 4 };
const examples: ReplayMessage[] = [
  {
    kind: "ask",
    stream: new Uint8Array(32).fill(1),
    codec: "superjson/2",
    version: 1,
    window: 4 * 1024 * 1024,
    entry: new Uint8Array(500).fill(2),
  },
  { kind: "look" },
  { kind: "look", since: 1_700_000_000_000 },
  { kind: "fetch", producer, incarnation, from: 0, to: Number.MAX_SAFE_INTEGER },
  { kind: "greet" },
  { kind: "credit", bytes: 1 },
  { kind: "index", sources: Array(sourcesPerAnswer).fill(source), more: true },
  { kind: "block", items: 1, at: 1_700_000_000_000.5 },
  { kind: "gap", to: 4 },
  { kind: "fetched" },
  { kind: "greeting", incarnation, sequence: 0 },
];

describe("a message of the replay protocol", () => {
  it("survives its way over the wire", () => {
    for (const value of examples) {
      expect(message.decode(message.encode(value))).toEqual({ ok: true, value });
    }
  });

  it("is refused where a number or a length is out of range", () => {
    const [ask] = examples;
    const wrong = [
      { ...ask, stream: new Uint8Array(31) },
      { ...ask, window: 1_023 },
      { ...ask, extra: true },
      { kind: "look", since: -1 },
      { kind: "fetch", producer, incarnation, from: -1, to: 0 },
      { kind: "fetch", producer, incarnation: producer, from: 0, to: 0 },
      { kind: "credit", bytes: 0 },
      { kind: "index", sources: Array(sourcesPerAnswer + 1).fill(source), more: false },
      { kind: "index", sources: [{ ...source, first: 1.5 }], more: false },
      { kind: "block", items: 0, at: 1 },
      { kind: "block", items: 1, at: -1 },
      { kind: "gap", to: 0 },
      { kind: "other" },
    ] as ReplayMessage[]; // what a peer may send
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
