import { describe, expect, it } from "vitest";
import { Liveness } from "./liveness.ts";

const start = (): Liveness => new Liveness({ now: 0, pingIntervalMs: 1_000, silenceMaxMs: 3_000 });

describe("liveness", () => {
  it("keeps one ping outstanding", () => {
    const liveness = start();
    expect(liveness.tick(1_000)).toEqual({ ping: 1 });
    expect(liveness.tick(2_000)).toEqual({});
    expect(liveness.pong(1, 2_500)).toBe(1_500);
    expect(liveness.tick(3_000)).toEqual({ ping: 2 });
  });

  it("gives a silent peer up", () => {
    const liveness = start();
    liveness.tick(1_000);
    liveness.tick(2_000);
    expect(liveness.tick(3_000)).toEqual({ dead: true });
  });

  it("does not blame the peer for a pause of our own", () => {
    const liveness = start();
    liveness.tick(1_000);
    expect(liveness.tick(60_000)).toEqual({});
    expect(liveness.tick(61_000)).toEqual({});
    expect(liveness.tick(62_000)).toEqual({});
    expect(liveness.tick(63_000)).toEqual({ dead: true });
  });

  it("takes a pong to no ping of ours as a sign of life, not as a round trip", () => {
    const liveness = start();
    liveness.tick(1_000);
    expect(liveness.pong(99, 1_100)).toBeUndefined();
  });
});
