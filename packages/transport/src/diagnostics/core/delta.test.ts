import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDelta, difference, type Plain } from "./delta.ts";

const plain: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.uint8Array({ maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.constant(null),
    fc.dictionary(fc.constantFrom("a", "b", "c", "length"), tie("value")),
  ),
})).value;

test("a difference makes the first value into the second, and equal values have none", () => {
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      const delta = difference(before, after);
      if (delta === undefined) expect(before).toEqual(after);
      else expect(applyDelta(before, delta)).toEqual({ value: after });
      expect(difference(after, structuredClone(after))).toBeUndefined();
    }),
  );
});

test("only what changed is in a difference", () => {
  const before = { a: { rate: 1, name: "x" }, b: { rate: 2, name: "y" } };
  const after = { a: { rate: 3, name: "x" }, c: { rate: 1, name: "z" } };
  expect(difference(before, after)).toEqual({
    gone: ["b"],
    parts: { a: { parts: { rate: { to: 3 } } }, c: { to: { rate: 1, name: "z" } } },
  });
});

test("a property that became undefined is gone", () => {
  expect(difference({ a: 1, b: undefined }, { a: undefined })).toEqual({ gone: ["a"], parts: {} });
});

test("a difference that does not fit is no value", () => {
  expect(applyDelta("text", { parts: {} })).toBeUndefined();
  expect(applyDelta({ a: 1 }, { parts: { a: { parts: {} } } })).toBeUndefined();
});
