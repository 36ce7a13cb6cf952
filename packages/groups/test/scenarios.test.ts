import { scenarioSuite } from "@mosaik/testing/scenario";
import { describe } from "vitest";
import { ScenarioGroup } from "./scenario-group.ts";

describe("traces that must end well", async () => {
  await scenarioSuite(`${import.meta.dirname}/scenarios`, () => {
    const group = new ScenarioGroup();
    return (command) => group.command(command);
  });
});
