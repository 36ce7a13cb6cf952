import { describe, expect, test } from "vitest";
import { hunt } from "./campaign.ts";
import { mutants } from "./mutants.ts";
import { Simulation } from "./simulation.ts";

/** Seeds that once broke a rule. */
const regressions = [27, 30, 31, 33, 36, 77, 78, 88, 90, 92, 102, 132, 172, 203];

describe("a simulated group", () => {
  test.each(regressions)("keeps every rule on seed %i, which once broke one", (seed) => {
    expect(new Simulation({ seed }).run().violation).toBeUndefined();
  });

  test("keeps every rule on the first seeds", () => {
    for (let seed = 1; seed <= 12; seed++) {
      expect({ seed, violation: new Simulation({ seed }).run().violation }).toEqual({
        seed,
        violation: undefined,
      });
    }
  }, 60_000);

  test("repeats a seed event by event", () => {
    const once = new Simulation({ seed: 5 }).run();
    const again = new Simulation({ seed: 5 }).run();
    expect(again.traceHash).toBe(once.traceHash);
    expect(again.events).toBe(once.events);
    expect(new Simulation({ seed: 6 }).run().traceHash).not.toBe(once.traceHash);
  }, 30_000);

  test.each(["2", "3", "6", "7", "8", "20"])("finds injected bug %s", (name) => {
    const mutant = mutants.find((one) => one.name === name);
    expect(mutant && hunt(mutant, 30).killed).toBe(true);
  });
});
