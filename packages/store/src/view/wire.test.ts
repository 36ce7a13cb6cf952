import { jsonCodec } from "@mosaik/primitives";
import { frame, frameKinds } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { decodeEntries, encodeEntry } from "./core/entry-frames.ts";
import { offsetsPerPart, type ViewMessage, ViewProtocol } from "./wire.ts";

const { message } = ViewProtocol;
const producer = new Uint8Array(32).fill(7);
const incarnation = new Uint8Array(8).fill(9);
const offset = { producer, incarnation, sequence: 2 ** 40 };
const examples: ViewMessage[] = [
  { kind: "ask", view: new Uint8Array(32).fill(1), entry: new Uint8Array(500).fill(2) },
  { kind: "credit", bytes: 1 },
  { kind: "cut", version: [offset, offset], more: false, missed: 0 },
];

describe("a message of the view protocol", () => {
  it("survives its way over the wire", () => {
    const full = {
      kind: "cut",
      version: Array(offsetsPerPart).fill(offset),
      more: true,
      missed: 1,
    };
    for (const value of [...examples, full as ViewMessage]) {
      expect(message.decode(message.encode(value))).toEqual({ ok: true, value });
    }
  });

  it("is refused where a number or a length is out of range", () => {
    const [ask] = examples;
    const wrong = [
      { ...ask, view: new Uint8Array(31) },
      { ...ask, extra: true },
      { kind: "credit", bytes: 0 },
      { kind: "cut", version: Array(offsetsPerPart + 1).fill(offset), more: false, missed: 0 },
      { kind: "cut", version: [{ ...offset, sequence: -1 }], more: false, missed: 0 },
      { kind: "cut", version: [], more: false, missed: 0.5 },
      { kind: "other" },
    ] as ViewMessage[]; // what a peer may send
    for (const value of wrong) expect(message.decode(message.encode(value)).ok).toBe(false);
  });

  it("is not made of garbage, and garbage never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => !message.decode(bytes).ok),
      { numRuns: inject("fuzzCases") },
    );
  });
});

describe("an entry as it travels", () => {
  it("survives, its absence too", () => {
    const value = fc.jsonValue().filter(isEncodable); // a key could reach a prototype
    const entries = fc.array(fc.record({ key: fc.string(), value }));
    fc.assert(
      fc.property(entries, fc.string(), (present, gone) => {
        const all = [...present, { key: gone, value: undefined }];
        const frames = all.map((entry) => encodeEntry(entry, jsonCodec));
        const bytes = Uint8Array.from(frames.flatMap((each) => [...each]));
        const decoded = decodeEntries(bytes, all.length, jsonCodec);
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(all));
      }),
    );
  });

  it("is refused where it is made of something else, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const entries = decodeEntries(frame(frameKinds.data, bytes), 1, jsonCodec);
        return entries === undefined || entries.length === 1;
      }),
      { numRuns: inject("fuzzCases") },
    );
    const overlong = Uint8Array.from([0xff, 0xff, 0x61, 1]);
    expect(decodeEntries(frame(frameKinds.data, overlong), 1, jsonCodec)).toBeUndefined();
  });
});

function isEncodable(value: unknown): boolean {
  try {
    jsonCodec.encode(value);
    return true;
  } catch {
    return false;
  }
}
