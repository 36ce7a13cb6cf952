import { encodeUtf8, jsonCodec, superjsonCodec } from "@mosaik/primitives";
import { cborCodec } from "@mosaik/primitives/cbor";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { describe, expect, it } from "vitest";
import { type Decode, decodeTotally } from "./total.ts";

const levels = 100_000;
// A megabyte of the worst kind takes a few milliseconds; the rest is room for a busy machine.
const timeMsMax = 500;
const memoryBytesMax = 64 * 2 ** 20;

/** Decodes a bomb, and fails where that takes long or much memory, or succeeds. */
function defuse(decode: Decode, bomb: Uint8Array): void {
  const memory = process.memoryUsage();
  const begin = performance.now();
  expect(decodeTotally(decode, bomb)).toBe(false);
  expect(performance.now() - begin).toBeLessThan(timeMsMax);
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  expect(arrayBuffers - memory.arrayBuffers).toBeLessThan(memoryBytesMax);
  expect(heapUsed - memory.heapUsed).toBeLessThan(memoryBytesMax);
}

const repeat = (piece: readonly number[], times: number): Uint8Array =>
  Uint8Array.from({ length: piece.length * times }, (_, index) => piece[index % piece.length] ?? 0);
const text = (value: string): Uint8Array => encodeUtf8(value);

describe("a depth bomb is refused in no time", () => {
  it("in JSON", () => {
    defuse(jsonCodec.decode, text("[".repeat(levels) + "]".repeat(levels)));
    defuse(jsonCodec.decode, text(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`));
    defuse(jsonCodec.decode, text("[".repeat(levels)));
  });

  it("in superjson, in its value and in its annotations", () => {
    const arrays = "[".repeat(levels) + "]".repeat(levels);
    const objects = `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    defuse(superjsonCodec.decode, text(`{"json":${arrays}}`));
    defuse(superjsonCodec.decode, text(`{"json":${objects}}`));
    defuse(superjsonCodec.decode, text(`{"json":{"a":1},"meta":{"v":1,"values":${objects}}}`));
    defuse(superjsonCodec.decode, text(`{"json":{"a":1},"meta":{"v":1,"values":${arrays}}}`));
    const path = "a.".repeat(levels);
    defuse(
      superjsonCodec.decode,
      text(`{"json":{"a":1},"meta":{"v":1,"values":{"${path}":["set"]}}}`),
    );
  });

  it("in MessagePack, as arrays and as maps", () => {
    defuse(msgpackCodec.decode, repeat([0x91], levels));
    defuse(msgpackCodec.decode, repeat([0x81, 0xa1, 0x61], levels));
    defuse(msgpackCodec.decode, repeat([0xdd, 0, 0, 0, 1], levels));
  });

  it("in CBOR, as arrays, maps and tags", () => {
    defuse(cborCodec.decode, repeat([0x81], levels));
    defuse(cborCodec.decode, repeat([0xa1, 0x61, 0x61], levels));
    defuse(cborCodec.decode, repeat([0xc1], levels));
    defuse(cborCodec.decode, repeat([0x9f], levels));
  });
});

describe("a length that lies is refused before anything is allocated", () => {
  const lie = [0xff, 0xff, 0xff, 0xff];
  const rest = new Array<number>(1000).fill(0);

  it("in MessagePack: arrays, maps, texts, bytes and extensions", () => {
    for (const token of [0xdd, 0xdf, 0xdb, 0xc6, 0xc9]) {
      defuse(msgpackCodec.decode, Uint8Array.from([token, ...lie]));
      defuse(msgpackCodec.decode, Uint8Array.from([token, ...lie, ...rest]));
    }
    // Arrays that each ask for all that is left, one inside the other.
    defuse(msgpackCodec.decode, repeat([0xdc, 0xff, 0xff], 40_000));
  });

  it("in CBOR: arrays, maps, texts and bytes", () => {
    for (const token of [0x9a, 0xba, 0x7a, 0x5a]) {
      defuse(cborCodec.decode, Uint8Array.from([token, ...lie]));
      defuse(cborCodec.decode, Uint8Array.from([token, ...lie, ...rest]));
      defuse(cborCodec.decode, Uint8Array.from([token + 1, ...lie, ...lie, ...rest]));
    }
  });

  it("in superjson: typed arrays, sparse arrays and bigints", () => {
    const annotated = (json: string, values: string): Uint8Array =>
      text(`{"json":${json},"meta":{"v":1,"values":${values}}}`);
    defuse(superjsonCodec.decode, annotated("4000000000", '[["typed-array","Float64Array"]]'));
    defuse(superjsonCodec.decode, annotated('{"length":4e9}', '[["typed-array","Uint8Array"]]'));
    defuse(superjsonCodec.decode, annotated('{"a":[]}', '{"a.4294967294":["undefined"]}'));
    defuse(superjsonCodec.decode, annotated(`"${"9".repeat(1_000_000)}"`, '["bigint"]'));
  });
});

it("objects met twice cannot be multiplied by marks", () => {
  const layers = 40;
  const json: Record<string, unknown> = {};
  const marks: Record<string, string[]> = {};
  for (let layer = 0; layer < layers; layer++) {
    json[`n${layer}`] = { l: {}, r: {} };
    if (layer > 0) marks[`n${layer}`] = [`n${layer - 1}.l`, `n${layer - 1}.r`];
  }
  const bytes = text(JSON.stringify({ json, meta: { v: 1, referentialEqualities: marks } }));
  expect(decodeTotally(superjsonCodec.decode, bytes)).toBe(true);
});
