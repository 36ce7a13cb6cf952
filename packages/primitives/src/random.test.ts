import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jitter, randomInteger, sample, seededRandom } from "./random.ts";

const draws = 20_000;

describe("seededRandom", () => {
  it("repeats itself for the same seed and differs for another", () => {
    const take = (seed: number): number[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
    expect(seededRandom(7).bytes(16)).toEqual(seededRandom(7).bytes(16));
  });

  it("gives the same numbers today as when the first trace was recorded", () => {
    const random = seededRandom(1);
    expect([random.next(), random.next(), random.next()]).toMatchInlineSnapshot(`
      [
        0.8707117787562311,
        0.6345423120073974,
        0.9135990804061294,
      ]
    `);
    expect([...random.bytes(4)]).toMatchInlineSnapshot(`
      [
        129,
        69,
        168,
        200,
      ]
    `);
  });

  it("spreads evenly: mean, variance and every tenth of the range, for many seeds", () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const tenths = new Array<number>(10).fill(0);
      let sum = 0;
      let squares = 0;
      for (let count = 0; count < draws; count++) {
        const value = random.next();
        const tenth = Math.floor(value * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
        sum += value;
        squares += value * value;
      }
      expect(sum / draws).toBeCloseTo(0.5, 1);
      expect(squares / draws - (sum / draws) ** 2).toBeCloseTo(1 / 12, 2);
      // Chi-square with 9 degrees of freedom exceeds 33.7 once in ten thousand.
      const expected = draws / 10;
      const chi = tenths.reduce((total, seen) => total + (seen - expected) ** 2 / expected, 0);
      expect(chi).toBeLessThan(33.7);
    }
  });

  it("gives neighbouring seeds unrelated numbers", () => {
    const firsts = new Set(Array.from({ length: 1000 }, (_, seed) => seededRandom(seed).next()));
    expect(firsts.size).toBe(1000);
  });

  it("sets every bit of its bytes about half of the time", () => {
    const bytes = seededRandom(3).bytes(draws);
    for (let bit = 0; bit < 8; bit++) {
      const set = bytes.reduce((count, byte) => count + ((byte >> bit) & 1), 0);
      expect(Math.abs(set / draws - 0.5)).toBeLessThan(0.02);
    }
  });
});

describe("randomInteger", () => {
  it("reaches both ends and nothing beyond them", () => {
    const random = seededRandom(5);
    const seen = new Set(Array.from({ length: 1000 }, () => randomInteger(random, -2, 3)));
    expect([...seen].sort((left, right) => left - right)).toEqual([-2, -1, 0, 1, 2, 3]);
  });
});

describe("jitter", () => {
  it("stays within its fraction of the value", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, fraction) => {
        const value = jitter(seededRandom(seed), 1000, fraction);
        expect(Math.abs(value - 1000)).toBeLessThanOrEqual(1000 * fraction);
      }),
    );
  });
});

describe("sample", () => {
  it("takes different items, as many as asked for or there are, and leaves the array", () => {
    fc.assert(
      fc.property(fc.integer(), fc.uniqueArray(fc.nat()), fc.nat(20), (seed, items, count) => {
        const before = [...items];
        const chosen = sample(seededRandom(seed), items, count);
        expect(new Set(chosen).size).toBe(Math.min(count, items.length));
        expect(chosen.every((item) => before.includes(item))).toBe(true);
        expect(items).toEqual(before);
      }),
    );
  });

  it("prefers no item and no place", () => {
    const random = seededRandom(11);
    const seen = new Map<string, number>();
    for (let count = 0; count < 6000; count++) {
      const key = sample(random, ["a", "b", "c"], 2).join("");
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect([...seen.keys()].sort()).toEqual(["ab", "ac", "ba", "bc", "ca", "cb"]);
    for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
