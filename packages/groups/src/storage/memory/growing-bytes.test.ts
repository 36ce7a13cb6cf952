import { describe, expect, it } from "vitest";
import { GrowingBytes } from "./growing-bytes.ts";

const of = (...bytes: number[]): GrowingBytes => {
  const grown = new GrowingBytes();
  grown.write(0, Uint8Array.from(bytes));
  return grown;
};

const contents = (bytes: GrowingBytes): number[] => [...bytes.slice(0)];

describe("growing bytes", () => {
  it("have zeros in the gaps, also where there was something once", () => {
    const bytes = of(1, 2, 3);
    bytes.truncate(1);
    bytes.write(4, Uint8Array.of(5));
    expect(contents(bytes)).toEqual([1, 0, 0, 0, 5]);
  });

  it("that were forked change alone, on either side", () => {
    const bytes = of(1, 2, 3);
    const before = bytes.fork();
    const cut = bytes.fork();
    bytes.write(1, Uint8Array.of(9));
    cut.truncate(1);
    cut.write(2, Uint8Array.of(7));
    expect([bytes, before, cut].map(contents)).toEqual([
      [1, 9, 3],
      [1, 2, 3],
      [1, 0, 7],
    ]);
  });
});
