import { expect, test } from "vitest";
import { cell, paint, widthOf } from "./text.ts";

test("a cell has exactly the columns it was given", () => {
  expect(cell("sensor", 8)).toBe("sensor  ");
  expect(cell("sensor", 8, "right")).toBe("  sensor");
  expect(cell("aggregator", 5)).toBe("aggr…");
  for (const text of ["日本語のノード", "é", "👩🏽‍🚀👩🏽‍🚀👩🏽‍🚀", "x", ""]) {
    expect(widthOf(cell(text, 5))).toBe(5);
  }
});

test("nothing that a peer wrote can steer the terminal", () => {
  const hostile = "a\u001b]0;owned\u0007\u009b2J\u202etxt\r\n";
  expect(paint([{ text: hostile }], 80, true)).not.toMatch(/\p{Cc}|\u202e/u);
  expect(cell(hostile, 40)).not.toMatch(/\p{Cc}|\u202e/u);
});

test("a line is cut where the terminal ends, its colours put back", () => {
  const line = [{ text: "up", style: "green" }, { text: " and running" }] as const;
  expect(paint(line, 6, true)).toBe("\u001b[32mup\u001b[0m an…");
  expect(paint(line, 80, false)).toBe("up and running");
});
