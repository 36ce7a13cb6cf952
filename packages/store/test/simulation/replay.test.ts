import { describe, expect, it } from "vitest";
import { runReplayStory } from "./replay-story.ts";

// More seeds: pnpm sim replay --seeds 200
describe("nothing is missing that is not told, nothing comes twice, all in order", () => {
  it.each([4, 1, 2, 3])(
    "whatever happens to keepers, producers and the network, seed %i",
    async (seed) => {
      const { faults, replayed } = await runReplayStory(seed);
      expect(faults).toEqual([]);
      expect(replayed).toBeGreaterThan(0);
    },
    60_000,
  );

  it("the same seed gives the same run", async () => {
    expect(await runReplayStory(5)).toEqual(await runReplayStory(5));
  }, 60_000);
});
