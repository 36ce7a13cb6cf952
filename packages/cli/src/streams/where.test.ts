import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseWhere } from "./where.ts";

const item = { celsius: 21.5, sensor: { id: "a", rooms: [1] }, at: null };

describe("a condition on items", () => {
  test.each([
    ["celsius > 21", true],
    ["celsius>=21.5", true],
    ["celsius < 21.5", false],
    ["celsius <= 21.5", true],
    ["celsius == 21.5", true],
    ["celsius != 21.5", false],
    ['sensor.id == "a"', true],
    ["sensor.id == a", true],
    ["sensor.id < b", true],
    ["sensor.rooms.0 == 1", true],
    ["at == null", true],
    // what is not there, or of another kind, is neither more nor less
    ["humidity > 0", false],
    ["humidity < 0", false],
    ["humidity != 0", true],
    ["celsius > a", false],
    ["constructor.name == Object", false],
  ])("%s: %s", (text, isWanted) => {
    expect(parseWhere(text)(item)).toBe(isWanted);
  });

  test("of the item itself", () => {
    expect([1, 2, 3].filter(parseWhere(". >= 2"))).toEqual([2, 3]);
  });

  test("that is none is refused", () => {
    for (const text of ["", "celsius", "> 3", "celsius >", "a b == 3", "celsius = 3"]) {
      expect(() => parseWhere(text)).toThrow(/is no condition/);
    }
  });

  test("says yes or no of anything", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom("==", "!=", ">", "<", ">=", "<="), (any, how) => {
        expect(parseWhere(`a.b ${how} 3`)(any)).toBeTypeOf("boolean");
      }),
    );
  });
});
