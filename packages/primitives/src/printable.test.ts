import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeUnprintable, printable } from "./printable.ts";

const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const anything = fc.string({ unit: "binary" });

test("a printable text has nothing that steers a terminal, and is one line", () => {
  fc.assert(fc.property(anything, (text) => !steering.test(printable(text))));
  expect(printable("a\u001b]0;owned\u0007\u009b2J\u202etxt\r\n")).not.toMatch(steering);
});

test("what is printable stays as it is", () => {
  expect(printable("sensor-1 日本語 é €")).toBe("sensor-1 日本語 é €");
});

test("escaped JSON steers nothing and means the same", () => {
  fc.assert(
    fc.property(fc.jsonValue(), anything, (value, text) => {
      const escaped = escapeUnprintable(JSON.stringify({ value, text }, undefined, 2));
      expect(escaped.replaceAll("\n", "")).not.toMatch(steering);
      expect(JSON.parse(escaped)).toEqual(JSON.parse(JSON.stringify({ value, text })));
    }),
  );
});
