import { type PeerId, seededRandom } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { bondLimits } from "../config.ts";
import { DialPlan } from "./dial-plan.ts";

const peer = (digit: string): PeerId => digit.repeat(64) as PeerId; // any 64 digits
const plan = (me = peer("5")): DialPlan => new DialPlan(me, seededRandom(1));

describe("a dial plan", () => {
  it("dials peers with higher ids at once, others a little later, and itself never", () => {
    const one = plan();
    one.wanted([peer("5"), peer("9"), peer("1")], 0);
    expect(one.due(0)).toEqual([peer("9")]);
    expect(one.nextMs).toBe(bondLimits.dialDeferMs);
    expect(one.due(bondLimits.dialDeferMs)).toEqual([peer("1")]);
    expect(one.nextMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("tries again by itself, each time later, up to a limit", () => {
    const one = plan();
    one.wanted([peer("9")], 0);
    let now = 0;
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt++) {
      expect(one.due(now)).toEqual([peer("9")]);
      one.failed(peer("9"), now);
      waits.push(one.nextMs - now);
      now = one.nextMs;
    }
    expect(waits[0]).toBeLessThanOrEqual(bondLimits.retryFirstMs);
    expect(Math.max(...waits)).toBeLessThanOrEqual(bondLimits.retryMaxMs);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(bondLimits.retryMaxMs / 2);
  });

  it("dials again soon after a bond is lost, however often it failed before", () => {
    const one = plan();
    one.wanted([peer("9")], 0);
    for (let now = 0; now < 100_000; now = one.nextMs) {
      one.due(now);
      one.failed(peer("9"), now);
    }
    one.due(200_000);
    one.bonded(peer("9"), 200_000);
    expect(one.nextMs).toBe(Number.POSITIVE_INFINITY);
    one.lost(peer("9"), 300_000);
    expect(one.due(300_000)).toEqual([peer("9")]);
  });

  it("lets exactly one of two simultaneous dials pass", () => {
    const [low, high] = [plan(peer("1")), plan(peer("9"))];
    low.wanted([peer("9")], 0);
    high.wanted([peer("1")], 0);
    low.due(1_000);
    high.due(1_000);
    expect(low.prefersOwn(peer("9"))).toBe(true);
    expect(high.prefersOwn(peer("1"))).toBe(false);
  });

  it("bans for ten minutes after five broken rules, bonds between or not, and not for fewer", () => {
    const one = plan();
    for (let count = 1; count < bondLimits.failuresMax; count++) {
      expect(one.offended(peer("9"), count)).toBe(false);
      one.bonded(peer("9"), count);
      one.lost(peer("9"), count);
    }
    expect(one.isBanned(peer("9"), 10)).toBe(false);
    expect(one.offended(peer("9"), 10)).toBe(true);
    expect(one.isBanned(peer("9"), 10 + bondLimits.banMs - 1)).toBe(true);
    one.wanted([peer("9")], 20);
    expect(one.due(1_000)).toEqual([]);
    expect(one.isBanned(peer("9"), 10 + bondLimits.banMs)).toBe(false);
    expect(one.due(10 + bondLimits.banMs)).toEqual([peer("9")]);
  });

  it("does not count what a peer did long ago", () => {
    const one = plan();
    for (let count = 0; count < 3 * bondLimits.failuresMax; count++) {
      const nowMs = (count * bondLimits.failuresWithinMs) / (bondLimits.failuresMax - 2);
      expect(one.offended(peer("9"), nowMs)).toBe(false);
    }
  });

  it("forgets who is no longer wanted, but not who broke a rule", () => {
    const one = plan();
    one.wanted([peer("9")], 0);
    one.offended(peer("8"), 0);
    one.wanted([], 1);
    expect(one.due(1_000)).toEqual([]);
    for (let count = 1; count < bondLimits.failuresMax; count++) one.offended(peer("8"), 2);
    expect(one.isBanned(peer("8"), 3)).toBe(true);
  });

  it("has room for members, however many strangers break rules", () => {
    const one = plan(peer("0"));
    for (let at = 0; at < 2 * bondLimits.peersMax; at++) {
      one.offended(`${at + 10_000}`.padEnd(64, "b") as PeerId, at); // as above
    }
    one.wanted([peer("9")], 5_000);
    expect(one.due(5_000)).toEqual([peer("9")]);
  });

  it("dials no more at once than it may", () => {
    const one = plan(peer("0"));
    one.wanted(
      Array.from({ length: 40 }, (_, at) => `${at + 10}`.padEnd(64, "a") as PeerId), // as above
      0,
    );
    expect(one.due(0).length).toBe(bondLimits.dialsMax);
    expect(one.due(0).length).toBe(0);
  });
});
