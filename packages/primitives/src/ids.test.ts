import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeId, encodeId, isId, networkId, peerId, shortId, streamId } from "./ids.ts";

describe("ids", () => {
  it("are the same today as when they were first written to a wire", () => {
    expect(networkId("weather")).toMatchInlineSnapshot(
      `"5a82e7d7855fda4b548185e96e6b36ad7e2ada6ab2d52f5ccf4d202e48d81be7"`,
    );
    expect(streamId("weather")).toMatchInlineSnapshot(
      `"f88a775dea4b7552c984710dfb192165085f109523bf3ade038f2ac675e19f1b"`,
    );
  });

  it("of different kinds never meet, whatever their names", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(networkId(left) === String(streamId(right))).toBe(false);
        expect(networkId(left) === networkId(right)).toBe(left === right);
      }),
    );
  });

  it("work as keys of a Map", () => {
    const map = new Map([[streamId("a"), 1]]);
    expect(map.get(streamId("a"))).toBe(1);
  });

  it("of peers are their public keys", () => {
    const key = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(encodeId(peerId(key))).toEqual(key);
    expect(shortId(peerId(key))).toBe("00010203");
  });

  it("take 32 bytes, come back the same, and refuse any other length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        if (bytes.byteLength === 32) expect(encodeId(decodeId(bytes))).toEqual(bytes);
        else expect(() => decodeId(bytes)).toThrow(RangeError);
      }),
    );
  });
});

describe("isId", () => {
  it("takes 64 lower-case digits and nothing else", () => {
    const id = networkId("weather");
    expect(isId(id)).toBe(true);
    const bad = [
      "",
      id.toUpperCase(),
      id.slice(1),
      `${id}0`,
      `${id}\n`,
      `${id.slice(1)}g`,
      `0x${id}`,
    ];
    for (const text of bad) expect(isId(text)).toBe(false);
  });
});
