import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonValue } from "../../test/values.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { isMosaikError } from "../error.ts";
import { codecDepthMax } from "./codec.ts";
import { jsonCodec } from "./json.ts";

const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const codeOf = (text: string): string => {
  const decoded = jsonCodec.decode(encodeUtf8(text));
  return decoded.ok ? "ok" : decoded.error.code;
};

describe("json", () => {
  it("writes what JSON.stringify writes and reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        const bytes = jsonCodec.encode(value);
        const text = JSON.stringify(value);
        expect(decodeUtf8(bytes)).toBe(text);
        expect(jsonCodec.decode(bytes)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it("takes values as deep as the limit and none deeper, either way", () => {
    expect(jsonCodec.decode(jsonCodec.encode(nested(codecDepthMax))).ok).toBe(true);
    expect(() => jsonCodec.encode(nested(codecDepthMax + 1))).toThrow("64 levels");
    const deep = "[".repeat(codecDepthMax + 1) + "]".repeat(codecDepthMax + 1);
    expect(codeOf(deep)).toBe("CODEC_TOO_DEEP");
    expect(codeOf("[]".repeat(100))).toBe("CODEC_MALFORMED");
    expect(codeOf(`[${"[],".repeat(100)}[]]`)).toBe("ok");
  });

  it("refuses keys that reach a prototype, however they are written, either way", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const escaped = [...key].map(
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
      );
      for (const text of [
        `{"${key}":1}`,
        `[{"a":{"${key}":{"polluted":true}}}]`,
        `{"${escaped.join("")}":1}`,
        `{"${key.replace("o", "\\u006f")}":1}`,
      ]) {
        expect(codeOf(text)).toBe("CODEC_FORBIDDEN_KEY");
        expect(() => jsonCodec.encode(JSON.parse(text))).toThrow(`key '${key}'`);
      }
      expect(codeOf(`["${key}", {"a":"${key}"}]`)).toBe("ok");
    }
  });

  it("refuses bytes that are not UTF-8, and text with something after its end", () => {
    expect(jsonCodec.decode(Uint8Array.of(0x22, 0xff, 0x22)).ok).toBe(false);
    for (const text of ["", "{", "1 2", "{}x", "\uFEFF1", "NaN", "'a'"]) {
      expect(codeOf(text)).toBe("CODEC_MALFORMED");
    }
  });

  it("refuses to write what has no form in JSON", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [undefined, () => {}, Symbol("s"), 1n, cycle]) {
      expect(() => jsonCodec.encode(value)).toThrow(
        expect.toSatisfy((error: unknown) => isMosaikError(error, "CODEC_UNENCODABLE")),
      );
    }
  });

  it("checks what toJSON makes of a value, not the value", () => {
    const bad = { toJSON: () => JSON.parse('{"__proto__":1}') };
    expect(() => jsonCodec.encode({ bad })).toThrow("key '__proto__'");
    const fine = { toJSON: () => "a constructor" };
    expect(decodeUtf8(jsonCodec.encode({ fine }))).toBe('{"fine":"a constructor"}');
  });
});
