import { describe, expect, it } from "vitest";
import { systemRandom as browserRandom } from "./browser.ts";
import { systemRandom as nodeRandom } from "./node.ts";
import { pooledRandom } from "./pooled-random.ts";

describe("pooledRandom", () => {
  it("draws numbers in bulk, each used once", () => {
    let fills = 0;
    const random = pooledRandom((bytes) => {
      fills++;
      const words = new Uint32Array(bytes.buffer);
      for (let index = 0; index < words.length; index++) words[index] = index;
    });
    const drawn = Array.from({ length: 256 }, () => random.next() * 2 ** 32);
    expect(drawn).toEqual(Array.from({ length: 256 }, (_, index) => index));
    expect(fills).toBe(1);
    random.next();
    expect(fills).toBe(2);
  });
});

describe.each([
  ["Node", nodeRandom],
  ["the browser", browserRandom],
])("the randomness of %s", (_name, random) => {
  it("gives numbers from 0 up to 1, evenly", () => {
    const values = Array.from({ length: 10_000 }, () => random.next());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it("gives as many bytes as asked for, however many, and others every time", () => {
    expect(random.bytes(0)).toHaveLength(0);
    expect(random.bytes(32)).not.toEqual(random.bytes(32));
    const many = random.bytes(200_000);
    expect(many.subarray(-64).some((byte) => byte !== 0)).toBe(true);
  });
});
