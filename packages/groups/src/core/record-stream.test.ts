import fc from "fast-check";
import { expect, it } from "vitest";
import { cutRecords, joinRecords } from "./record-stream.ts";

it("records come back as they were, whatever the size of the pieces", () => {
  const records = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 70 }), (given, size) => {
      const pieces = [...cutRecords(given, size)];
      expect(pieces.every((piece) => piece.byteLength <= size)).toBe(true);
      expect(joinRecords(pieces)).toEqual(given);
    }),
  );
});

it("pieces that do not come out even are no records", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
      const [piece = bytes] = cutRecords([bytes], 100);
      for (let cut = 1; cut < piece.byteLength; cut++) {
        expect(joinRecords([piece.subarray(0, cut)])).toBeUndefined();
      }
    }),
  );
});
