import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { key, plainValue } from "../../test/values.ts";
import { decodeHex, encodeHex } from "../bytes.ts";
import { isMosaikError } from "../error.ts";
import { cborCodec } from "./cbor.ts";
import { codecDepthMax } from "./codec.ts";

const codeOf = (hex: string): string => {
  const decoded = cborCodec.decode(decodeHex(hex));
  return decoded.ok ? "ok" : decoded.error.code;
};

describe("cbor", () => {
  it("brings back what it wrote", () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(cborCodec.decode(cborCodec.encode(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it("writes one value as one sequence of bytes, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.nat()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(encodeHex(cborCodec.encode(reversed))).toBe(encodeHex(cborCodec.encode(object)));
      }),
    );
  });

  it("writes the shortest forms, keys by length, then by their bytes (RFC 8949, 4.2)", () => {
    const write = (value: unknown): string => encodeHex(cborCodec.encode(value));
    expect(write({ aa: 1, b: 2, a: 3 })).toBe("a3616103616202626161" + "01");
    expect(write([0, 23, 24, 255, 256, 65536, 2 ** 32, -1, 1.5, 0.1])).toBe(
      "8a00171818" +
        "18ff190100" +
        "1a00010000" +
        "1b0000000100000000" +
        "20f93e00fb3fb999999999999a",
    );
    expect(write({ gone: undefined, kept: null })).toBe("a1646b657074f6");
  });

  it("refuses to read numbers in a longer form, and kinds that it does not write", () => {
    const refused = {
      "uint in two bytes": "1817",
      "bigint above 2^53": "1bffffffffffffffff",
      undefined: "f7",
      NaN: "f97e00",
      infinity: "f97c00",
      "indefinite array": "9f01ff",
      tag: "c001",
      "a map with a number for a key": "a10102",
      "a key met twice": "a2616101616102",
      "a simple value": "f0",
      "something after the end": "0101",
      nothing: "",
    };
    for (const [what, hex] of Object.entries(refused)) {
      expect(`${what}: ${codeOf(hex)}`).toBe(`${what}: CODEC_MALFORMED`);
    }
  });

  it("refuses keys that reach a prototype, either way", () => {
    expect(codeOf("a1695f5f70726f746f5f5f01")).toBe("CODEC_FORBIDDEN_KEY");
    expect(codeOf("a16b636f6e7374727563746f7201")).toBe("CODEC_FORBIDDEN_KEY");
    expect(codeOf("a16970726f746f7479706501")).toBe("CODEC_FORBIDDEN_KEY");
    expect(() => cborCodec.encode(JSON.parse('{"__proto__":1}'))).toThrow("key '__proto__'");
  });

  it("takes values as deep as the limit and none deeper, either way", () => {
    const at = `${"81".repeat(codecDepthMax - 1)}80`;
    expect(codeOf(at)).toBe("ok");
    expect(codeOf(`81${at}`)).toBe("CODEC_TOO_DEEP");
    const decoded = cborCodec.decode(decodeHex(at));
    const deepest = decoded.ok ? decoded.value : undefined;
    expect(encodeHex(cborCodec.encode(deepest))).toBe(at);
    expect(() => cborCodec.encode([deepest])).toThrow("64 levels");
  });

  it("refuses to write what it would not read back the same", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => cborCodec.encode(cycle)).toThrow("64 levels");
    const values = [undefined, NaN, Infinity, 1n, Symbol("s"), () => {}, new Date(), new Map()];
    const texts = ["\uD800", "\uFEFFa"];
    for (const value of [...values, new Set(), /x/, new Float32Array(1), ...texts]) {
      for (const within of [[value], value]) {
        expect(() => cborCodec.encode(within)).toThrow(
          expect.toSatisfy((error: unknown) => isMosaikError(error, "CODEC_UNENCODABLE")),
        );
      }
    }
    for (const text of texts) expect(() => cborCodec.encode({ [text]: 1 })).toThrow("no form");
  });
});
