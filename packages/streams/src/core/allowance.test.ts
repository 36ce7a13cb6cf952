import { describe, expect, it } from "vitest";
import { Allowance } from "./allowance.ts";

describe("an allowance", () => {
  it("ends with the turn's items, and is back in the next turn", () => {
    const allowance = new Allowance({ itemsLeft: 3, bytesLeft: 1000 });
    expect([1, 2, 3].map(() => allowance.spend(1))).toEqual([true, true, false]);
    allowance.look(undefined);
    expect(allowance.left).toBe(false);
    allowance.newTurn();
    allowance.look(undefined);
    expect(allowance.left).toBe(true);
  });

  it("ends with the turn's bytes", () => {
    const allowance = new Allowance({ itemsLeft: 100, bytesLeft: 1000 });
    expect([allowance.spend(999), allowance.spend(1)]).toEqual([true, false]);
  });

  it("is no more than there was space for at the last look", () => {
    const allowance = new Allowance({ itemsLeft: 100, bytesLeft: 1000 });
    allowance.look({ itemsLeft: 2, bytesLeft: 500 });
    expect([allowance.spend(1), allowance.spend(1)]).toEqual([true, false]);
    allowance.look({ itemsLeft: 50, bytesLeft: 10 });
    expect([allowance.spend(9), allowance.spend(1)]).toEqual([true, false]);
    allowance.look({ itemsLeft: -3, bytesLeft: 10 });
    expect(allowance.left).toBe(false);
  });
});
