import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { packableValue } from "../../test/values.ts";
import { decodeHex, encodeHex } from "../bytes.ts";
import { isMosaikError } from "../error.ts";
import { codecDepthMax } from "./codec.ts";
import { msgpackCodec } from "./msgpack.ts";

const roundTrip = (value: unknown): unknown => {
  const decoded = msgpackCodec.decode(Uint8Array.from(msgpackCodec.encode(value)));
  if (!decoded.ok) throw decoded.error;
  return decoded.value;
};

describe("msgpack", () => {
  it("brings back what it wrote: dates, undefined, NaN, infinities, bytes and bigints included", () => {
    fc.assert(
      fc.property(packableValue, (value) => {
        expect(roundTrip(value)).toStrictEqual(value);
      }),
    );
  });

  it("keeps dates to the millisecond, before 1970 and far ahead", () => {
    for (const ms of [0, 1, -1, 1_700_000_000_123, -62_135_596_800_000, 8.64e15, -8.64e15]) {
      expect(roundTrip(new Date(ms))).toEqual(new Date(ms));
    }
  });

  it("brings a Map with text keys back as a plain object", () => {
    expect(roundTrip(new Map([["a", new Map([["b", 1]])]]))).toEqual({ a: { b: 1 } });
  });

  it("takes objects without a prototype", () => {
    expect(roundTrip(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });

  it("writes MessagePack that others read: a fixed example", () => {
    expect(encodeHex(msgpackCodec.encode([1, "a", true, null, Uint8Array.of(7)]))).toBe(
      "9501a161c3c0c40107",
    );
  });

  it("compiles no code, which a content security policy would forbid", () => {
    const compile = vi.fn();
    vi.stubGlobal("Function", compile);
    try {
      for (let round = 0; round < 10; round++)
        roundTrip([
          { a: 1, b: 2 },
          { a: 1, b: 2 },
        ]);
    } finally {
      vi.unstubAllGlobals();
    }
    expect(compile).not.toHaveBeenCalled();
  });

  it("refuses to write what it would not read back the same", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => msgpackCodec.encode(cycle)).toThrow("64 levels");
    class Point {
      x = 1;
    }
    const values = [
      Symbol("s"),
      () => {},
      2n ** 64n,
      -(2n ** 63n) - 1n,
      new Date(NaN),
      new Point(),
    ];
    const objects = [new Set([1]), new Error("e"), /x/, new Float64Array(1), new ArrayBuffer(1)];
    const maps = [new Map([[1, 1]]), new Map([["\uD800", 1]]), { "\uFEFF": 1 }];
    for (const value of [...values, ...objects, ...maps, "\uD800", "\uFEFF"]) {
      for (const within of [value, [value], { value }]) {
        expect(() => msgpackCodec.encode(within)).toThrow(
          expect.toSatisfy((error: unknown) => isMosaikError(error, "CODEC_UNENCODABLE")),
        );
      }
    }
    for (const bad of [JSON.parse('{"__proto__":1}'), new Map([["constructor", 1]])]) {
      expect(() => msgpackCodec.encode(bad)).toThrow("may not have the key");
    }
  });

  it("works on after it refused a value half way", () => {
    expect(() => msgpackCodec.encode([1, { a: "x".repeat(10_000) }, 2n ** 70n])).toThrow();
    expect(roundTrip([1, 2])).toEqual([1, 2]);
  });

  it("takes values as deep as the limit and none deeper, either way", () => {
    const at = `${"91".repeat(codecDepthMax - 1)}90`;
    const decoded = msgpackCodec.decode(decodeHex(at));
    expect(decoded.ok).toBe(true);
    const deepest = decoded.ok ? decoded.value : undefined;
    expect(encodeHex(msgpackCodec.encode(deepest))).toBe(at);
    expect(() => msgpackCodec.encode([deepest])).toThrow("64 levels");
  });
});
