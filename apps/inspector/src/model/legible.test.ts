import { expect, it } from "vitest";
import { legible } from "./legible.ts";

it("plain text of any script stays as it is", () => {
  for (const text of ["sensor-1", "größe", "数据", "שלום", "👩‍👩‍👧".replaceAll("\u200d", "")]) {
    expect(legible(text)).toBe(text);
  }
});

it("what is invisible, or turns the direction of text, is named", () => {
  expect(legible("a\u202Eb")).toBe("a‹202e›b");
  expect(legible("a\u0000\u001B[31m")).toBe("a‹0000›‹001b›[31m");
  expect(legible("\uD800")).toBe("‹d800›");
});

it("what is too long is cut, without reading all of it", () => {
  expect([...legible("w".repeat(1_000_000), 10)]).toHaveLength(10);
  expect(legible("𒐫".repeat(20), 4)).toBe("𒐫𒐫𒐫…");
});

it("marks do not pile up", () => {
  expect(legible(`z${"\u0300".repeat(99)}`)).toBe("z\u0300\u0300");
});
