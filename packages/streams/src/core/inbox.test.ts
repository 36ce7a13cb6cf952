import { concatBytes, type PeerId } from "@mosaik/primitives";
import { frame, frameKinds } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunSource } from "../runs.ts";
import { Inbox, nothing } from "./inbox.ts";

/** A source that notes what it is told. */
class NotedSource implements RunSource {
  readonly incarnation = "1";
  readonly peer: PeerId;
  cost = 0;
  lost = 0;
  constructor(name: string) {
    this.peer = name as PeerId; // any text will do here
  }
  taken(cost: number): void {
    this.cost += cost;
  }
  undecodable(_error: unknown, lost: number): void {
    this.lost += lost;
  }
}

const bad = 0xff;

/** An inbox of one-byte items; one of them does not decode. */
function inbox(): Inbox<number> {
  return new Inbox((bytes) => {
    if (bytes[0] === bad) throw new Error("bad item");
    return bytes[0] ?? -1;
  });
}

function frames(...items: number[]): Uint8Array {
  return concatBytes(...items.map((item) => frame(frameKinds.data, Uint8Array.of(item))));
}

function drain(box: Inbox<number>): string[] {
  const seen: string[] = [];
  for (let next = box.takeDelivery(); next !== undefined; next = box.takeDelivery()) {
    const what = next.kind === "item" ? `${next.sequence}=${next.item}` : `gap ${next.count}`;
    seen.push(`${next.producer} ${what}`);
  }
  return seen;
}

describe("an inbox", () => {
  it("keeps the order of arrival over its producers, and counts each one's items", () => {
    const [a, b] = [new NotedSource("a"), new NotedSource("b")];
    const box = inbox();
    box.push(a, frames(1, 2), 2, 10);
    box.push(b, frames(3), 1, 0);
    box.push(a, frames(4), 1, 12);
    expect(drain(box)).toEqual(["a 10=1", "a 11=2", "b 0=3", "a 12=4"]);
    expect([a.cost, b.cost]).toEqual([3 * 33, 33]);
    expect(box.empty).toBe(true);
  });

  it("has nothing where nothing has arrived, whatever an item may be", () => {
    const box = new Inbox<undefined>(() => undefined);
    expect(box.take()).toBe(nothing);
    box.push(new NotedSource("a"), frames(1), 1, 0);
    expect(box.take()).toBeUndefined();
    expect(box.take()).toBe(nothing);
  });

  it("joins neighbouring gaps of one producer", () => {
    const a = new NotedSource("a");
    const box = inbox();
    box.pushGap(a, 3);
    box.pushGap(a, 4);
    box.push(a, frames(1), 1, 7);
    box.pushGap(a, 1);
    box.pushGap(a, undefined);
    expect(drain(box)).toEqual(["a gap 7", "a 7=1", "a gap undefined"]);
  });

  it("passes over gaps where only items are asked for", () => {
    const a = new NotedSource("a");
    const box = inbox();
    box.pushGap(a, 3);
    box.push(a, frames(1, 2, 3), 3, 3);
    box.pushGap(a, 9);
    expect(box.takeBatch(2)).toEqual([1, 2]);
    expect(box.take()).toBe(3);
    expect(box.take()).toBe(nothing);
    expect(box.empty).toBe(true);
  });

  it("makes one gap of an item that does not decode and all that its producer sent after it", () => {
    const [a, b] = [new NotedSource("a"), new NotedSource("b")];
    const box = inbox();
    box.push(a, frames(1, bad, 2), 3, 0);
    box.push(b, frames(7), 1, 0);
    box.pushGap(a, 5);
    box.push(a, frames(3, 4), 2, 8);
    expect(drain(box)).toEqual(["a 0=1", "a gap 9", "b 0=7"]);
    expect(a.lost).toBe(4);
  });

  it("delivers each item once, in order, however the ways of taking are mixed", () => {
    const arrival = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 });
    const way = fc.constantFrom("one", "batch", "delivery");
    fc.assert(
      fc.property(fc.array(arrival), fc.array(way), (arrivals, ways) => {
        const box = inbox();
        const intake = new NotedSource("a");
        let sequence = 0;
        for (const items of arrivals) {
          box.push(intake, frames(...items), items.length, sequence);
          sequence += items.length;
        }
        const seen: number[] = [];
        for (const next of [...ways, ...Array<string>(sequence).fill("one")]) {
          if (next === "batch") seen.push(...box.takeBatch(3));
          else if (next === "one") {
            const item = box.take();
            if (item !== nothing) seen.push(item);
          } else {
            const delivery = box.takeDelivery();
            if (delivery?.kind !== "item") continue;
            expect(delivery.sequence).toBe(seen.length);
            seen.push(delivery.item);
          }
        }
        expect(seen).toEqual(arrivals.flat());
        expect(intake.cost).toBe(seen.length * 33);
      }),
    );
  });
});
