import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareBytes,
  concatBytes,
  decodeHex,
  decodeUtf8,
  encodeHex,
  encodeUtf8,
  equalBytes,
} from "./bytes.ts";

describe("UTF-8", () => {
  it("comes back as the text it was, byte-order mark included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text);
      }),
    );
    expect(decodeUtf8(encodeUtf8("\uFEFFa"))).toBe("\uFEFFa");
  });

  it("throws at bytes that are not UTF-8 instead of replacing them", () => {
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      expect(() => decodeUtf8(Uint8Array.from(bad))).toThrow(TypeError);
    }
  });
});

describe("hexadecimal", () => {
  it("comes back as the bytes it was", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeHex(encodeHex(bytes))).toEqual(bytes);
      }),
    );
    expect(encodeHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
  });

  it("throws at what is not pairs of digits", () => {
    for (const bad of ["0", "zz", "0x", " 00"]) expect(() => decodeHex(bad)).toThrow();
  });
});

describe("concatBytes", () => {
  it("puts the parts one after the other", () => {
    expect(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    );
    expect(concatBytes()).toEqual(Uint8Array.of());
  });
});

describe("compareBytes", () => {
  it("orders as the hexadecimal texts do, so it is total and antisymmetric", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4 }),
        fc.uint8Array({ maxLength: 4 }),
        (left, right) => {
          const [a, b] = [encodeHex(left), encodeHex(right)];
          expect(compareBytes(left, right)).toBe(a < b ? -1 : a > b ? 1 : 0);
          expect(compareBytes(left, right) + compareBytes(right, left)).toBe(0);
        },
      ),
    );
  });
});

describe("equalBytes", () => {
  it("holds exactly where the order says neither is first", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2 }),
        fc.uint8Array({ maxLength: 2 }),
        (left, right) => {
          expect(equalBytes(left, right)).toBe(compareBytes(left, right) === 0);
        },
      ),
    );
  });
});
