import { describe, expect, test } from "vitest";
import { explore } from "./explore.ts";
import { mutants } from "./mutants.ts";
import { quickPlans } from "./plans.ts";

describe("exploring small worlds", () => {
  test.each(quickPlans.map((plan) => [plan.name, plan] as const))(
    "no state of %s breaks a rule",
    (_name, plan) => {
      expect(explore(plan)).toMatchObject({ exhausted: true, violation: undefined });
    },
  );

  test.each(["1", "3", "5", "7", "9b", "16b", "17"])("injected bug %s is found", (name) => {
    const mutant = mutants.find((one) => one.name.startsWith(`${name}:`));
    expect(mutant && explore(mutant).violation).toBeDefined();
  });
});
