import { describe, expect, it } from "vitest";
import type { Happened } from "./fact.ts";
import { nothing } from "./snapshot.ts";
import { inWords, isOwn, tellingsOf } from "./tellings.ts";

const [a, b, c] = ["a".repeat(64), "b".repeat(64), "c".repeat(64)];
let sequence = 0;
const happened = (at: number, peer: string, name: string, facts: Happened["facts"]): Happened => {
  return { at, kind: "event", peer, sequence: sequence++, happenedAt: at, name, facts };
};
const led = (at: number, peer: string, leader: string, term: number): Happened =>
  happened(at, peer, "group.leader-changed", { group: "g", leader: `${leader}#1`, term });

describe("what is told", () => {
  it("by many of one new leader is one, and about that one", () => {
    const tellings = tellingsOf([led(1, a, c, 1), led(2, b, c, 1), led(3, c, c, 1)], 9);
    expect(tellings).toMatchObject([{ subject: c, tellers: 3, event: { at: 1 } }]);
    expect(tellings.map((one) => inWords(one, nothing, []))).toEqual(["leads: group g, term 1"]);
  });

  it("stands at the time at which it was told first", () => {
    const other = happened(3, b, "group.role-changed", { role: "leader" });
    const tellings = tellingsOf([led(1, a, c, 1), other, led(4, b, c, 1)], 9);
    expect(tellings.map(({ event }) => event.at)).toEqual([3, 1]);
  });

  it("of two leaders, one after the other, is two, the newest first", () => {
    const tellings = tellingsOf([led(1, a, b, 1), led(2, a, c, 2)], 9);
    expect(tellings.map(({ subject }) => subject)).toEqual([c, b]);
  });

  it("of what everybody does for itself stays apart", () => {
    const roles = [a, b].map((peer) =>
      happened(1, peer, "group.role-changed", { role: "learner" }),
    );
    expect(tellingsOf(roles, 9)).toHaveLength(2);
  });

  it("of the page's own connections, and whom it found, is its own", () => {
    expect(isOwn(happened(1, a, "connection.opened", { peer: b }), b)).toBe(true);
    expect(isOwn(happened(1, a, "connection.opened", { peer: c }), b)).toBe(false);
    expect(isOwn(happened(1, a, "peer.discovered", { peer: b }), b)).toBe(false);
    expect(isOwn(happened(1, b, "peer.discovered", { peer: a }), b)).toBe(true);
  });
});
