import type { PeerId } from "@mosaik/primitives";
import { frame, frameKinds } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockBytesMax, blockOpenMs } from "../config.ts";
import { type Frames, offsetOf } from "./frames.ts";
import { History, type HistoryLimits } from "./history.ts";

const a = "a" as PeerId;

/** Items that hold their numbers, each of so many bytes. */
function numbered(from: number, items: number, bytes = 8): Frames {
  const frames = Array.from({ length: items }, (_, index) => {
    const item = new Uint8Array(bytes);
    new DataView(item.buffer).setUint32(0, from + index);
    return frame(frameKinds.data, item);
  });
  return { frames: Uint8Array.from(frames.flatMap((each) => [...each])), items };
}

/** All that is kept of a run, as the numbers in the items; `null` for each gap. */
function read(history: History, producer: PeerId, incarnation: string): (number | null)[] {
  const numbers: (number | null)[] = [];
  let sequence = 0;
  for (;;) {
    const found = history.find(producer, { incarnation, sequence });
    if (found.kind === "end") return numbers;
    if (found.kind === "gap") {
      numbers.push(null);
      sequence = found.until;
      continue;
    }
    const { frames = new Uint8Array(), sequence: first, items } = found.block;
    for (let index = sequence - first; index < items; index++) {
      const view = new DataView(frames.buffer, frames.byteOffset + offsetOf(frames, index) + 4);
      numbers.push(view.getUint32(0));
    }
    sequence = found.block.end;
  }
}

const unlimited: HistoryLimits = { items: 1e9, bytes: 1e12, ageMs: Number.POSITIVE_INFINITY };

describe("a history", () => {
  it("gives back what it was given, however it was cut, and says what it never had", () => {
    const runs = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 40 }), fc.nat(3_000)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(runs, (parts) => {
        const history = new History(unlimited);
        const expected: (number | null)[] = [];
        let sequence = 0;
        let now = 0;
        for (const [skipped, items, ms] of parts) {
          if (skipped > 0) expected.push(null);
          sequence += skipped;
          now += ms;
          history.append(a, { incarnation: "1", sequence }, numbered(sequence, items), now);
          for (let index = 0; index < items; index++) expected.push(sequence + index);
          sequence += items;
        }
        expect(read(history, a, "1")).toEqual(expected);
      }),
    );
  });

  it("keeps nothing twice", () => {
    const history = new History(unlimited);
    history.append(a, { incarnation: "1", sequence: 0 }, numbered(0, 5), 0);
    history.append(a, { incarnation: "1", sequence: 2 }, numbered(2, 6), 0);
    history.append(a, { incarnation: "1", sequence: 1 }, numbered(1, 3), 0);
    expect(read(history, a, "1")).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(history.items).toBe(8);
  });

  it("never keeps more than it may, and drops the oldest, no more than an eighth too much", () => {
    const limits = fc.record({
      items: fc.integer({ min: 1, max: 400 }),
      bytes: fc.integer({ min: 40, max: 20_000 }),
      ageMs: fc.integer({ min: 1, max: 10_000 }),
    });
    const appends = fc.array(
      fc.record({
        producer: fc.constantFrom("a", "b"),
        items: fc.integer({ min: 1, max: 60 }),
        bytes: fc.integer({ min: 4, max: 200 }),
        ms: fc.nat(700),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(limits, appends, (limit, all) => {
        const history = new History(limit);
        const ends = new Map<PeerId, number>();
        const firsts = new Map<PeerId, number>();
        let now = 0;
        for (const { producer, items, bytes, ms } of all) {
          const id = producer as PeerId;
          now += ms;
          history.expire(now);
          const before = history.items;
          const sequence = ends.get(id) ?? 0;
          history.append(id, { incarnation: "1", sequence }, numbered(sequence, items, bytes), now);
          ends.set(id, sequence + items);
          expect(history.items).toBeLessThanOrEqual(limit.items);
          expect(history.bytes).toBeLessThanOrEqual(limit.bytes);
          const hasDropped = history.items < before + items;
          const isFull =
            history.items >= limit.items - Math.max(1, limit.items / 8) ||
            history.bytes >= limit.bytes - Math.max(204, limit.bytes / 8);
          expect(hasDropped ? isFull : true).toBe(true);
          for (const { producer: of, first, end } of history.summary()) {
            expect(end).toBe(ends.get(of));
            expect(first).toBeGreaterThanOrEqual(firsts.get(of) ?? 0);
            firsts.set(of, first);
          }
        }
        history.expire(now + limit.ageMs + 1);
        expect(history.items).toBe(0);
      }),
    );
  });

  it("cuts blocks where they are full or were open for long, and tells of them", () => {
    const sealed: number[] = [];
    const history = new History(unlimited, { sealed: ({ items }) => void sealed.push(items) });
    history.append(a, { incarnation: "1", sequence: 0 }, numbered(0, 2), 0);
    history.append(a, { incarnation: "1", sequence: 2 }, numbered(2, 2), blockOpenMs - 1);
    expect(sealed).toEqual([]);
    history.seal(blockOpenMs);
    expect(sealed).toEqual([4]);
    history.append(a, { incarnation: "1", sequence: 4 }, numbered(4, 1, blockBytesMax), 2_000);
    history.append(a, { incarnation: "1", sequence: 5 }, numbered(5, 1), 2_000);
    expect(sealed).toEqual([4, 1]);
    history.seal(2_000, "all");
    expect(sealed).toEqual([4, 1, 1]);
  });

  it("finds where a time begins", () => {
    const history = new History(unlimited);
    for (let n = 0; n < 5; n++) {
      history.append(a, { incarnation: "1", sequence: n }, numbered(n, 1), n * 2_000);
    }
    expect(history.summary(3_000)).toEqual([
      { producer: a, incarnation: "1", first: 0, end: 5, since: 2, older: 2 },
    ]);
    expect(history.summary(9_000)[0]).not.toHaveProperty("since");
    expect(history.summary(9_000)[0]).toMatchObject({ older: 5 });
  });

  it("knows how old those were that it dropped, and nothing of those it never had", () => {
    const history = new History({ ...unlimited, items: 4 });
    for (let n = 10; n < 20; n++) {
      history.append(a, { incarnation: "1", sequence: n }, numbered(n, 1), n * 2_000);
    }
    const of = (sinceMs: number) => history.summary(sinceMs)[0];
    expect(of(36_000)).toMatchObject({ first: 16, since: 18, older: 18 });
    expect(of(28_000)).toMatchObject({ first: 16, since: 16, older: 14 });
    expect(of(20_000)).toMatchObject({ first: 16, since: 16, older: 0 });
  });

  it("knows since when items are missing of a run of which it keeps nothing any more", () => {
    const history = new History({ ...unlimited, ageMs: 1_000 });
    for (let n = 0; n < 5; n++) {
      history.append(a, { incarnation: "1", sequence: n }, numbered(n, 1), n * 2_000);
    }
    history.expire(60_000);
    expect(history.summary(3_000)).toEqual([
      { producer: a, incarnation: "1", first: 5, end: 5, older: 2 },
    ]);
  });

  it("has a gap in the place of a block that turned out to be unreadable", () => {
    const history = new History(unlimited);
    for (let n = 0; n < 3; n++) {
      history.append(a, { incarnation: "1", sequence: n }, numbered(n, 1), n * 2_000);
    }
    const found = history.find(a, { incarnation: "1", sequence: 1 });
    if (found.kind === "block") history.spoil(found.block);
    expect(read(history, a, "1")).toEqual([0, null, 2]);
    expect(history.items).toBe(2);
  });

  it("knows of a run of which it keeps nothing any more where it ended", () => {
    const history = new History({ ...unlimited, items: 4 });
    history.append(a, { incarnation: "1", sequence: 0 }, numbered(0, 4), 0);
    history.append(a, { incarnation: "2", sequence: 0 }, numbered(0, 4), 0);
    expect(history.summary()).toEqual([
      { producer: a, incarnation: "1", first: 4, end: 4 },
      { producer: a, incarnation: "2", first: 0, end: 4 },
    ]);
    expect(history.ends).toEqual(new Map([[a, { incarnation: "2", sequence: 4 }]]));
  });
});
