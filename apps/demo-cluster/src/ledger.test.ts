import fc from "fast-check";
import { expect, test } from "vitest";
import { discrepancies, Ledger } from "./ledger.ts";
import { add, count, type Ranges } from "./ranges.ts";

const context = { position: 1, term: 1 };

test("numbers become ranges, and one that is not above the others is refused", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (drawn) => {
      const numbers = drawn.toSorted((a, b) => a - b);
      const ranges = numbers.reduce<Ranges>((into, number) => add(into, number) ?? [], []);
      expect(count(ranges)).toBe(numbers.length);
      const even: Ranges = Array.from({ length: 30 }, (_, at) => [2 * at + 2, 2 * at + 2]);
      expect(count(ranges, even)).toBe(numbers.filter((number) => number % 2 === 0).length);
      for (const number of numbers) expect(add(ranges, number)).toBeUndefined();
    }),
  );
});

test("an acknowledged entry that is not recorded is a loss, one recorded twice is told", () => {
  const ledger = Ledger.create();
  for (const number of [1, 2, 4]) ledger.apply({ writer: "a", number, readings: 5 }, context);
  expect(ledger.query("state")).toMatchObject({ entries: 3, readings: 15, repeated: 0 });
  expect(discrepancies(new Map([["a", [[1, 2]]]]), ledger.query("state"))).toEqual([]);
  const acknowledged = new Map<string, Ranges>([
    ["a", [[2, 4]]],
    ["b", [[1, 7]]],
  ]);
  expect(discrepancies(acknowledged, ledger.query("state"))).toEqual([
    "1 of a are lost",
    "7 of b are lost",
  ]);
  ledger.apply({ writer: "a", number: 4, readings: 5 }, context);
  expect(discrepancies(new Map(), ledger.query("state"))).toEqual(["1 were carried out twice"]);
});

test("a copy made from a snapshot goes on as the original", () => {
  const [ledger, copy] = [Ledger.create(), Ledger.create()];
  ledger.apply({ writer: "a", number: 1, readings: 5 }, context);
  for (const chunk of ledger.snapshot()) copy.restore(chunk);
  for (const one of [ledger, copy]) one.apply({ writer: "a", number: 2, readings: 6 }, context);
  expect(copy.query("state")).toEqual(ledger.query("state"));
  expect(copy.fingerprint?.()).toEqual(ledger.fingerprint?.());
});
