import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemCost, ReceiveCredit, SendCredit, windowLeft } from "./credit.ts";

describe("a window", () => {
  it("passes items of any size in the end, and never holds more than itself and one item", () => {
    const sizes = fc.array(fc.nat(3000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: 5000 }), sizes, fc.nat(), (window, items, seed) => {
        const sender = new SendCredit(window);
        const receiver = new ReceiveCredit(window, 3000);
        const onTheWay: number[] = [];
        let next = 0;
        let taken = 0;
        for (let step = 0; taken < items.length; step++) {
          const cost = itemCost(items[next] ?? 0);
          const canSend = next < items.length && sender.allowsOne(cost);
          // Now and then the application takes first; it always does where nothing can be sent.
          if (canSend && (onTheWay.length === 0 || (seed >> (step % 16)) % 3 !== 0)) {
            sender.take(cost);
            expect(receiver.arrived(cost)).toBe(true);
            onTheWay.push(cost);
            next++;
          } else {
            expect(onTheWay.length).toBeGreaterThan(0); // no deadlock
            const due = receiver.taken(onTheWay.shift() ?? 0);
            taken++;
            if (due > 0) expect(sender.giveBack(due)).toBe(true);
          }
          expect(sender.outstanding).toBeGreaterThanOrEqual(0);
          expect(sender.outstanding).toBeLessThan(window + itemCost(3000));
        }
      }),
    );
  });

  it("takes no more back than is outstanding", () => {
    const sender = new SendCredit(4096);
    sender.take(100);
    expect(sender.giveBack(101)).toBe(false);
    expect(sender.giveBack(100)).toBe(true);
    expect(sender.giveBack(1)).toBe(false);
  });

  it("is given back in quarters, not item by item", () => {
    const receiver = new ReceiveCredit(4000, 1000);
    receiver.arrived(3000);
    expect([receiver.taken(600), receiver.taken(600), receiver.taken(600)]).toEqual([0, 1200, 0]);
  });

  it("notices a sender that has no credit", () => {
    const receiver = new ReceiveCredit(4000, 1000);
    expect(receiver.arrived(4000)).toBe(true);
    expect(receiver.arrived(1033)).toBe(false);
  });

  it("knows what waits, until it is taken or discarded", () => {
    const receiver = new ReceiveCredit(4000, 1000);
    receiver.arrived(3000);
    receiver.taken(600);
    expect(receiver.waiting).toBe(2400);
    receiver.taken(600);
    expect(receiver.waiting).toBe(1800);
    receiver.discard();
    expect(receiver.waiting).toBe(0);
  });

  it("is not granted anew while more than half of it is held by what came before", () => {
    expect(windowLeft(10_000, 0)).toBe(10_000);
    expect(windowLeft(10_000, 5_000)).toBe(5_000);
    expect(windowLeft(10_000, 5_001)).toBeUndefined();
    expect(windowLeft(1_024, 500)).toBe(1_024);
  });
});
