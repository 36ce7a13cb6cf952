import { describe, expect, it } from "vitest";
import { type Lagging, spaceLeft, tooSlow } from "./lag.ts";

function consumer(itemsLeft: number, bytesLeft = 100): Lagging {
  const hasRoom = itemsLeft > 0 && bytesLeft > 0;
  return { queue: { itemsLeft, bytesLeft, hasRoom, over: itemsLeft < 0 || bytesLeft < 0 } };
}

describe("the lag policies", () => {
  it("leave a producer without consumers alone", () => {
    for (const policy of ["wait", "disconnect", "drop-oldest"] as const) {
      expect(spaceLeft(policy, [])).toBeUndefined();
    }
  });

  it("wait for the slowest, in items and in bytes", () => {
    expect(spaceLeft("wait", [consumer(5, 80), consumer(9, 20)])).toEqual({
      itemsLeft: 5,
      bytesLeft: 20,
    });
  });

  it("go as fast as the fastest, where the slow are to be disconnected", () => {
    const consumers = [consumer(-1), consumer(0, 50), consumer(7, 10), consumer(3, 40)];
    expect(spaceLeft("disconnect", consumers)).toEqual({ itemsLeft: 3, bytesLeft: 40 });
    expect(spaceLeft("disconnect", [consumer(0), consumer(-2)])?.itemsLeft).toBe(0);
  });

  it("never stop where the oldest are dropped", () => {
    expect(spaceLeft("drop-oldest", [consumer(-5)])).toBeUndefined();
  });

  it("call too slow who is over its limits while another has room, and nobody else", () => {
    const [slow, at, good] = [consumer(-1), consumer(0), consumer(1)];
    expect(tooSlow(new Set([slow, at, good]))).toEqual([slow]);
    expect(tooSlow(new Set([slow, at]))).toEqual([]);
  });
});
