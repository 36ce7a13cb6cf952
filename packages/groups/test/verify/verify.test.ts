import { describe, expect, test } from "vitest";
import { explore } from "./explore.ts";
import { plans } from "./plans.ts";
import type { WorldPlan } from "./world.ts";

const [first] = plans;
const three = plans.find((plan) => plan.name.startsWith("three voters, two terms"));

describe("exploring small worlds", () => {
  test("one voter with a crash is explored to the end", () => {
    expect(first && explore(first)).toMatchObject({ exhausted: true, violation: undefined });
  });

  test.each(plans.map((plan) => [plan.name, plan] as const))(
    "the nearest states of %s keep every rule",
    (_name, plan) => {
      expect(explore({ ...plan, statesMax: 800 }).violation).toBeUndefined();
    },
  );

  test("a second vote in a term is found", () => {
    const broken: WorldPlan | undefined = three && { ...three, rules: { freeToVote: () => true } };
    expect(broken && explore({ ...broken, statesMax: 5_000 }).violation).toBeDefined();
  });
});
