import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonValue } from "../../test/values.ts";
import { codecDepthMax } from "./codec.ts";
import { isExactText, isPlainJson, isPlainObject, throwIfBadShape } from "./shape.ts";

describe("isPlainJson", () => {
  it("holds for what JSON reads, and then JSON writes it back the same", () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(isPlainJson(value)).toBe(true);
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      }),
    );
  });

  it("never holds for what JSON changes or refuses", () => {
    class Point {
      x = 1;
    }
    const values = [undefined, Number.NaN, Infinity, -0, 1n, Symbol("s"), () => {}, new Date()];
    const objects = [
      new Map(),
      new Set(),
      /x/,
      new Point(),
      Object.create(null),
      new Uint8Array(1),
    ];
    for (const value of [...values, ...objects, { toJSON: () => 1 }]) {
      expect(isPlainJson(value)).toBe(false);
      expect(isPlainJson({ a: [value] })).toBe(false);
    }
    expect(isPlainJson(new Array(2))).toBe(false);
  });

  it("does not hold for a cycle", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(isPlainJson(cycle)).toBe(false);
  });
});

describe("throwIfBadShape", () => {
  it("agrees with isPlainJson about depth and keys", () => {
    let value: unknown = 1;
    for (let level = 0; level < codecDepthMax; level++)
      value = level % 2 === 0 ? [value] : { value };
    expect(isPlainJson(value)).toBe(true);
    expect(() => throwIfBadShape(value)).not.toThrow();
    expect(isPlainJson([value])).toBe(false);
    expect(() => throwIfBadShape([value])).toThrow("64 levels");
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const bad: unknown = JSON.parse(`[{"${key}":1}]`);
      expect(isPlainJson(bad)).toBe(false);
      expect(() => throwIfBadShape(bad)).toThrow(key);
    }
  });
});

describe("isPlainObject", () => {
  it("takes literals and objects without a prototype", () => {
    expect(isPlainObject({})).toBe(true);
    expect(isPlainObject(Object.create(null))).toBe(true);
    for (const value of [null, [], new Map(), new Date(), 1, "a", undefined]) {
      expect(isPlainObject(value)).toBe(false);
    }
  });
});

describe("isExactText", () => {
  it("holds exactly where UTF-8 brings a text back", () => {
    const decoder = new TextDecoder();
    const units = fc.array(fc.constantFrom("\uFEFF", "\uD800", "\uDC00", "a", "é", "💡"));
    fc.assert(
      fc.property(units, (chars) => {
        const text = chars.join("");
        expect(isExactText(text)).toBe(decoder.decode(new TextEncoder().encode(text)) === text);
      }),
    );
  });
});
