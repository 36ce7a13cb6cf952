import { expect, test } from "vitest";
import { PairTable } from "./pair-table.ts";

test("a pair has what it was given, in either order another", () => {
  const table = new PairTable<string>();
  const all = Array.from({ length: 5_000 }, (_, at) => [at % 83, at * 7_919] as const);
  for (const [a, b] of all) expect(table.set(a, b, `${a} ${b}`)).toBe(`${a} ${b}`);
  for (const [a, b] of all) expect(table.get(a, b)).toBe(`${a} ${b}`);
  expect(table.get(7_919, 1)).toBeUndefined();
  expect(table.get(0, 5_000 * 7_919)).toBeUndefined();
});
