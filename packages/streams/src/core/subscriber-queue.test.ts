import { concatBytes } from "@mosaik/primitives";
import { frame, frameHeaderBytes, frameKinds, frameLength } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemCost } from "./credit.ts";
import type { Lag } from "./lag.ts";
import { SubscriberQueue } from "./subscriber-queue.ts";

const unlimited: Lag = { policy: "wait", itemsMax: 1e9, bytesMax: 1e9 };

/** A run of items that hold their own number, each `size` bytes. */
function run(first: number, count: number, size = 4): { frames: Uint8Array; items: number } {
  const items = Array.from({ length: count }, (_, index) => {
    const payload = new Uint8Array(Math.max(4, size));
    new DataView(payload.buffer).setUint32(0, first + index);
    return frame(frameKinds.data, payload);
  });
  return { frames: concatBytes(...items), items: count };
}

/** The numbers in frames. */
function numbers(frames: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < frames.byteLength; at += frameHeaderBytes + frameLength(frames, at)) {
    found.push(new DataView(frames.buffer, frames.byteOffset + at + frameHeaderBytes).getUint32(0));
  }
  return found;
}

function queueOf(lag: Partial<Lag>, windowBytes = 1e6, sequence = 0): SubscriberQueue {
  return new SubscriberQueue({ lag: { ...unlimited, ...lag }, windowBytes, sequence });
}

describe("a subscriber's queue", () => {
  it("lets a whole run go, uncopied, while there is credit", () => {
    const queue = queueOf({});
    const items = run(0, 100);
    queue.push(items);
    expect(queue.take()?.frames).toBe(items.frames);
    expect([queue.items, queue.bytes, queue.position]).toEqual([100, 400, 100]);
    expect(queue.take()).toBeUndefined();
  });

  it("splits a run at a frame where credit ends, and goes on where it ended", () => {
    const queue = queueOf({}, 10 * itemCost(4));
    queue.push(run(0, 25));
    expect(numbers(queue.take()?.frames ?? new Uint8Array())).toEqual([...Array(10).keys()]);
    expect(queue.take()).toBeUndefined();
    expect(queue.giveBack(3 * itemCost(4))).toBe(true);
    expect(numbers(queue.take()?.frames ?? new Uint8Array())).toEqual([10, 11, 12]);
  });

  it("lets an item pass that is larger than the window, once little is outstanding", () => {
    const queue = queueOf({}, 1024);
    queue.push(run(0, 1, 900));
    queue.push(run(1, 1, 5000));
    expect(queue.take()).toBeDefined();
    expect(queue.take()).toBeUndefined();
    queue.giveBack(itemCost(900));
    expect(numbers(queue.take()?.frames ?? new Uint8Array())).toEqual([1]);
  });

  it("drops the oldest, item by item, and tells how many before the next one", () => {
    const queue = queueOf({ policy: "drop-oldest", itemsMax: 5 }, 1024);
    queue.push(run(0, 28)); // 1,024 bytes of credit: 28 items of 36
    expect(queue.take()?.gap).toBe(0);
    queue.push(run(28, 12));
    queue.trim();
    queue.push(run(40, 3));
    queue.trim();
    expect(queue.take()).toBeUndefined(); // the gap waits for the item behind it
    queue.giveBack(28 * itemCost(4));
    const next = queue.take();
    expect([next?.gap, numbers(next?.frames ?? new Uint8Array())]).toEqual([10, [38, 39]]);
    const last = queue.take();
    expect([last?.gap, numbers(last?.frames ?? new Uint8Array())]).toEqual([0, [40, 41, 42]]);
    expect([queue.dropped, queue.items, queue.position]).toEqual([10, 33, 43]);
  });

  it("is over its limits with more than they allow, of items or of bytes", () => {
    const byItems = queueOf({ policy: "disconnect", itemsMax: 5 });
    byItems.push(run(0, 5));
    expect(byItems.over).toBe(false);
    byItems.push(run(5, 1));
    expect(byItems.over).toBe(true);
    const byBytes = queueOf({ policy: "disconnect", bytesMax: 79 });
    byBytes.push(run(0, 9));
    expect(byBytes.over).toBe(false);
    byBytes.push(run(9, 1));
    expect(byBytes.over).toBe(true);
  });

  it("keeps the one item that is larger than all its limits", () => {
    const queue = queueOf({ bytesMax: 10 });
    queue.push(run(0, 1, 100));
    queue.trim();
    expect([queue.over, queue.hasRoom, queue.empty]).toEqual([false, false, false]);
  });

  it("never loses count: what went out, what was dropped and what waits are what was pushed", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("push" as const), items: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant("take" as const), items: fc.constant(0) }),
      fc.record({ kind: fc.constant("credit" as const), items: fc.integer({ min: 1, max: 30 }) }),
    );
    const lag = fc.record({
      policy: fc.constantFrom("drop-oldest" as const, "wait" as const),
      itemsMax: fc.integer({ min: 1, max: 40 }),
      bytesMax: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(lag, fc.array(step, { maxLength: 80 }), (limits, steps) => {
        const queue = new SubscriberQueue({ lag: limits, windowBytes: 1024, sequence: 7 });
        const seen: number[] = [];
        let pushed = 7;
        let expected = 7;
        let outstanding = 0;
        for (const { kind, items } of steps) {
          if (kind === "push") {
            queue.push(run(pushed, items));
            pushed += items;
            if (limits.policy === "drop-oldest") queue.trim();
            const within = queue.itemsLeft >= 0 && queue.bytesLeft >= 0;
            if (limits.policy === "drop-oldest") {
              expect(within || pushed - queue.position === 1).toBe(true);
            }
          } else if (kind === "credit") {
            const back = Math.min(items, outstanding);
            if (back > 0) expect(queue.giveBack(back * itemCost(4))).toBe(true);
            outstanding -= back;
          } else {
            const next = queue.take();
            if (next === undefined) continue;
            expected += next.gap;
            for (const number of numbers(next.frames)) {
              expect(number).toBe(expected++);
              seen.push(number);
            }
            outstanding += numbers(next.frames).length;
          }
          expect(queue.items).toBe(seen.length);
          expect(queue.position).toBe(7 + queue.items + queue.dropped);
          expect(outstanding * itemCost(4)).toBeLessThanOrEqual(1024);
        }
        expect(queue.empty).toBe(queue.position === pushed);
      }),
    );
  });
});
