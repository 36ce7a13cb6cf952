import { describe, expect, it } from "vitest";
import { Continuity } from "./continuity.ts";

const first = Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1);
const second = Uint8Array.of(2, 2, 2, 2, 2, 2, 2, 2);

describe("continuity with a producer", () => {
  it("misses nothing before the first subscription", () => {
    expect(new Continuity().begin(first, 500)).toBe(0);
  });

  it("knows exactly what was missed between two subscriptions", () => {
    const continuity = new Continuity();
    continuity.begin(first, 10);
    expect([continuity.advance(3), continuity.advance(2)]).toEqual([10, 13]);
    expect(continuity.begin(first, 15)).toBe(0);
    continuity.advance(5);
    expect(continuity.begin(first, 100)).toBe(80);
  });

  it("does not know what a producer sent that began anew", () => {
    const continuity = new Continuity();
    continuity.begin(first, 10);
    expect(continuity.begin(second, 0)).toBe("unknown");
    expect(continuity.position).toBe(0);
  });

  it("does not believe a producer that is behind what it sent", () => {
    const continuity = new Continuity();
    continuity.begin(first, 10);
    continuity.advance(5);
    expect(continuity.begin(first, 14)).toBe("impossible");
  });
});
