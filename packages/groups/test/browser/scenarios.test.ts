/// <reference types="vite/types/importMeta.d.ts" />
import { runScenario } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { ScenarioGroup } from "../scenario-group.ts";

const texts = import.meta.glob<string>("../scenarios/*.txt", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe("traces that must end well, in a page", () => {
  it.each(Object.entries(texts))("%s", async (_, text) => {
    const group = new ScenarioGroup();
    expect(await runScenario(text, (command) => group.command(command))).toBe(text);
  });
});
