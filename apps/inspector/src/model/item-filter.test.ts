import { describe, expect, it } from "vitest";
import { itemFilter } from "./item-filter.ts";

const item = JSON.stringify({ id: "a", celsius: 31.5, at: { room: "Kitchen" }, ok: true });

describe("an item is asked for", () => {
  it.each([
    ["", true],
    ["kitchen", true],
    ["cellar", false],
    ['id == "a"', true],
    ["id == a", true],
    ["id != a", false],
    ["celsius > 30", true],
    ["celsius <= 30", false],
    ["ok == true", true],
    ['at.room == "Kitchen"', true],
    ["at.floor == 1", false],
    ['id == "a" && celsius > 30', true],
    ['id == "a" && celsius > 40', false],
    ["celsius > 30 && kitchen", true],
    ["celsius > warm", false],
    ["constructor != 1 && __proto__.x == 1", false],
  ])("by %j: %s", (line, isAsked) => {
    expect(itemFilter(line)(item)).toBe(isAsked);
  });

  it("one that was cut is found by its text only", () => {
    expect(itemFilter("celsius")('{"celsius":3')).toBe(true);
    expect(itemFilter("celsius == 3")('{"celsius":3')).toBe(false);
  });
});
