import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mark, marked, olderThan } from "./ages.ts";

function markedAll(all: readonly Mark[]): Mark[] {
  return all.reduce<Mark[]>((marks, mark) => marked(marks, mark), []);
}

describe("the marks of dropped items", () => {
  it("call nothing older that is not, even where the clock was set back", () => {
    const drops = fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), fc.nat(1_000)), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(drops, fc.nat(1_000), (all, sinceMs) => {
        let end = 0;
        const marks = all.map(([items, atMs]) => {
          end += items;
          return { end, atMs };
        });
        const older = olderThan(markedAll(marks), sinceMs);
        expect(older).toBeLessThanOrEqual(olderThan(marks, sinceMs));
      }),
    );
  });

  it("are exact to an eighth of what was dropped since, and to a block", () => {
    const marks = Array.from({ length: 5_000 }, (_, n) => ({ end: (n + 1) * 10, atMs: n }));
    const kept = markedAll(marks);
    for (let sinceMs = 0; sinceMs < 5_000; sinceMs++) {
      const gone = 50_000 - olderThan(marks, sinceMs);
      const told = 50_000 - olderThan(kept, sinceMs);
      expect(told).toBeLessThanOrEqual(gone * 1.125 + 10);
    }
  });

  it("are few, however much was dropped", () => {
    const marks = Array.from({ length: 200_000 }, (_, n) => ({ end: (n + 1) * 1_000, atMs: n }));
    expect(markedAll(marks).length).toBeLessThan(200);
  });
});
