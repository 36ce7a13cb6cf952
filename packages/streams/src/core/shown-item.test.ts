import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shownItem } from "./shown-item.ts";

describe("an item as it is shown", () => {
  it("is JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (item) => {
        expect(shownItem(item, 1e6)).toBe(JSON.stringify(item));
      }),
    );
  });

  it("tells in words what JSON cannot", () => {
    const item = { big: 5n, map: new Map([["a", 1]]), set: new Set([2]), bytes: new Uint8Array(3) };
    expect(JSON.parse(shownItem(item, 1e6))).toEqual({
      big: "5n",
      map: { map: [["a", 1]] },
      set: { set: [2] },
      bytes: { bytes: 3 },
    });
    expect(shownItem(undefined, 100)).toBe("undefined");
  });

  it("is cut, and never throws", () => {
    expect(shownItem("x".repeat(1_000), 10)).toHaveLength(10);
    const itself: { self?: unknown } = {};
    itself.self = itself;
    expect(shownItem(itself, 100)).toBe("it cannot be shown");
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (item) => {
        expect(shownItem(item, 64).length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
