import { expect, it } from "vitest";
import { kinds, longLists } from "./model/kinds.ts";

it.each(kinds)("a %s is what its model is, whatever is done to it", (_name, check) => {
  expect(() => check({ sequences: 400 })).not.toThrow();
});

it("a list of many chunks is what its model is, whatever is done to it", () => {
  expect(() => longLists[1]({ sequences: 2_000 })).not.toThrow();
});
