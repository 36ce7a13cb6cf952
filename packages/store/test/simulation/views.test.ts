import { describe, expect, it } from "vitest";
import { runViewStory } from "./view-story.ts";

// More seeds: pnpm sim views --seeds 200
describe("every item is in a view once, or said to be missing, and whole views are the same", () => {
  it.each([4, 1, 2, 3])(
    "whatever happens to those that fold, keep and produce, seed %i",
    async (seed) => {
      const { faults, items, views } = await runViewStory(seed);
      expect(faults).toEqual([]);
      expect(items).toBeGreaterThan(0);
      expect(views).toBeGreaterThan(2);
    },
    60_000,
  );

  it("the same seed gives the same run", async () => {
    expect(await runViewStory(5)).toEqual(await runViewStory(5));
  }, 60_000);
});
