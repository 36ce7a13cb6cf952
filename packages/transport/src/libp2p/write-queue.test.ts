import { concatBytes, equalBytes } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import { joinedBytesMax } from "./config.ts";
import { WriteQueue } from "./write-queue.ts";

function takeAll(queue: WriteQueue): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let piece = queue.take(); piece !== undefined; piece = queue.take()) pieces.push(piece);
  return pieces;
}

it("joins small neighbours", () => {
  const queue = new WriteQueue();
  for (const byte of [1, 2, 3]) queue.push(Uint8Array.of(byte));
  expect(takeAll(queue)).toEqual([Uint8Array.of(1, 2, 3)]);
});

it("hands a large buffer out as it went in", () => {
  const queue = new WriteQueue();
  const large = new Uint8Array(joinedBytesMax + 1);
  for (const bytes of [Uint8Array.of(1), large, Uint8Array.of(2)]) queue.push(bytes);
  const pieces = takeAll(queue);
  expect(pieces.map((piece) => piece.byteLength)).toEqual([1, large.byteLength, 1]);
  expect(pieces[1]).toBe(large);
});

it("forgets what waits when told to", () => {
  const queue = new WriteQueue();
  queue.push(Uint8Array.of(1));
  queue.clear();
  expect([queue.byteLength, queue.take()]).toEqual([0, undefined]);
});

it("gives back what it got, in order, in pieces that could not be fewer two by two", () => {
  const size = fc.oneof(fc.nat(100), fc.nat(joinedBytesMax + 100));
  fc.assert(
    fc.property(fc.array(fc.record({ size, take: fc.boolean() })), (steps) => {
      const queue = new WriteQueue();
      const given = steps.map(({ size }, index) => new Uint8Array(size).fill(index));
      const taken: Uint8Array[] = [];
      steps.forEach(({ take }, index) => {
        queue.push(given[index] ?? new Uint8Array());
        const piece = take ? queue.take() : undefined;
        if (piece !== undefined) taken.push(piece);
      });
      const rest = takeAll(queue);
      expect(equalBytes(concatBytes(...taken, ...rest), concatBytes(...given))).toBe(true);
      expect(queue.byteLength).toBe(0);
      for (let index = 1; index < rest.length; index++) {
        const both = (rest[index - 1]?.byteLength ?? 0) + (rest[index]?.byteLength ?? 0);
        expect(both).toBeGreaterThan(joinedBytesMax);
      }
    }),
    { numRuns: 50 },
  );
});
