import { describe, expect, it } from "vitest";
import { until } from "./until.ts";
import { World } from "./world.ts";

describe("until", () => {
  it("waits by the clock that it is given, and not at all where it holds already", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    await until(() => true, { clock, withinMs: 0 });
    let there = false;
    clock.after(23, () => {
      there = true;
    });
    await world.settle(until(() => there, { clock, withinMs: 100 }));
    expect(world.elapsedMs).toBe(25);
  });

  it("says what did not happen", async () => {
    const world = new World({ seed: 1 });
    const waiting = until(() => false, { clock: world.clock(), withinMs: 100, what: "the rain" });
    await expect(world.settle(waiting)).rejects.toThrow("the rain did not happen within 100 ms");
  });
});
