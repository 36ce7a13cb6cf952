import { describe, expect, it } from "vitest";
import { checkpointsMax } from "../config.ts";
import { StateCompare } from "./state-compare.ts";

const voters = ["a", "b", "c"];

describe("comparing states", () => {
  it("finds nothing where all say the same, or nobody said anything", () => {
    const one = new StateCompare();
    one.own({ position: 10, hash: "x" });
    expect(one.verdict(10, voters)).toBe("same");
    one.other("b", { position: 10, hash: "x" });
    expect(one.verdict(10, voters)).toBe("same");
    one.other("b", { position: 20, hash: "y" });
    expect(one.verdict(20, voters)).toBe("same");
  });

  it("finds itself wrong against a majority of the voters, whoever spoke first", () => {
    const one = new StateCompare();
    one.other("b", { position: 10, hash: "y" });
    one.other("c", { position: 10, hash: "y" });
    one.own({ position: 10, hash: "x" });
    expect(one.verdict(10, voters)).toBe("wrong");
  });

  it("does not let one voter, or those who do not vote, say that it is wrong", () => {
    const one = new StateCompare();
    one.own({ position: 10, hash: "x" });
    one.other("b", { position: 10, hash: "y" });
    one.other("observer", { position: 10, hash: "y" });
    expect(one.verdict(10, voters)).toBe("unclear");
    one.other("c", { position: 10, hash: "z" });
    expect(one.verdict(10, voters)).toBe("unclear");
  });

  it("remembers the latest positions only", () => {
    const one = new StateCompare();
    for (let position = 1; position <= 3 * checkpointsMax; position++) {
      one.own({ position, hash: "x" });
      one.other("b", { position, hash: "y" });
    }
    expect(one.verdict(1, voters)).toBe("same");
    expect(one.verdict(3 * checkpointsMax, voters)).toBe("unclear");
  });
});
