import { describe, expect, test } from "vitest";
import { explore } from "./explore.ts";
import { MemberSpace } from "./member-space.ts";
import { mutants } from "./mutants.ts";
import { quickPlans, small } from "./plans.ts";

describe("exploring small worlds", () => {
  test.each(quickPlans.map((plan) => [plan.name, plan] as const))(
    "no state of %s breaks a rule",
    (_name, plan) => {
      expect(explore(plan)).toMatchObject({ exhausted: true, violation: undefined });
    },
  );

  test.each([
    ["a write, a crash", { writes: 1, crashes: 1 }, 3],
    ["3 terms", { termMax: 3 }, 4],
    ["a removal", { removals: 1, beats: true, termMax: 2 }, 2],
    ["a crash, slow disks", { crashes: 1, slowDisks: true }, 1],
  ])("with what makes no difference left out, the same is met: %s", (name, world, fewer) => {
    const plan = { ...small, name, ...world };
    const [all, some] = [explore({ ...plan, isPlain: true }), explore(plan)];
    expect(some).toMatchObject({ situations: all.situations, exhausted: true });
    expect(some.states * fewer).toBeLessThan(all.states);
  });

  test.each([
    ["change", { removals: 1, beats: true }, 307],
    ["crash", { crashes: 1, slowDisks: true, writes: 1 }, 17],
    ["read and snapshot", { reads: 1, snapshots: 1, limits: { snapshotEntries: 2 } }, 61],
  ])("members that pass for equal go on alike: a %s", (name, world, every) => {
    const plan = { ...small, name, statesMax: 5_000, symmetric: false, ...world };
    const space = new MemberSpace(plan, true);
    explore(plan, space);
    const audit = space.audit(every);
    expect(audit.steps).toBeGreaterThan(300);
    expect(audit.differences).toEqual([]);
  });

  test.each(["1", "3", "5", "7", "9b", "16b", "17"])("injected bug %s is found", (name) => {
    const mutant = mutants.find((one) => one.name.startsWith(`${name}:`));
    expect(mutant && explore(mutant).violation).toBeDefined();
  });
});
