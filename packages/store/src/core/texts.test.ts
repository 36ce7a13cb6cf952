import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { normalKey, type StoreKey } from "./keys.ts";
import { formatKey, formatValue, parseKey, parseValue } from "./texts.ts";

const anything = v.custom<StoreKey>(() => true);

const keys = fc.letrec<{ key: StoreKey }>((tie) => ({
  key: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true }),
    fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
    fc.boolean(),
    fc.array(tie("key"), { maxLength: 3 }),
  ),
})).key;

test("the text of a key stands for that key", () => {
  fc.assert(
    fc.property(keys, (key) => {
      expect(parseKey(formatKey(key), anything)).toStrictEqual(normalKey(key));
    }),
    { numRuns: 500 },
  );
});

test("a text that the schema takes stands for itself where what it says is of another type", () => {
  const texts = v.string();
  expect(["nail", "7", "7n", '"7"', "[1]"].map((text) => parseKey(text, texts))).toEqual([
    "nail",
    "7",
    "7n",
    "7",
    "[1]",
  ]);
  expect(parseKey("7", v.number())).toBe(7);
  expect(parseKey("seven", v.number())).toBeUndefined();
});

test("a value is shown as JSON, as superjson where JSON cannot say it, and read back from either", () => {
  const dated = { at: new Date(5), parts: new Set([1n]) };
  for (const value of [1, "a", null, [1, { b: true }], { json: 1 }, { json: 1, meta: 2 }, dated]) {
    expect(parseValue(formatValue(value) ?? "")).toEqual(value);
  }
  expect(formatValue({ price: 3 })).toBe('{"price":3}');
  expect(formatValue(new Date(5))).toBe(
    '{"json":"1970-01-01T00:00:00.005Z","meta":{"values":["Date"],"v":1}}',
  );
  expect(formatValue(() => {})).toBeUndefined();
  expect(() => parseValue("{")).toThrow(SyntaxError);
});
