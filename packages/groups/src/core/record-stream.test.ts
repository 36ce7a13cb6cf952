import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stateChunkBytesMax } from "../config.ts";
import { cutRecords, RecordJoiner } from "./record-stream.ts";

function join(pieces: Iterable<Uint8Array>): Uint8Array[] | undefined {
  const joiner = new RecordJoiner();
  const records: Uint8Array[] = [];
  for (const piece of pieces) {
    const ended = joiner.take(piece);
    if (ended === undefined) return undefined;
    records.push(...ended);
  }
  return joiner.isEven ? records : undefined;
}

function piecesOf(records: Iterable<Uint8Array>, bytes: number): Uint8Array[] {
  return [...cutRecords(records, bytes)].filter((piece) => piece !== undefined);
}

describe("records", () => {
  it("come back as they were, whatever the size of the pieces", () => {
    const records = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 70 }), (given, size) => {
        const pieces = piecesOf(given, size);
        expect(pieces.slice(0, -1).every((piece) => piece.byteLength === size)).toBe(true);
        expect(join(pieces)).toEqual(given);
      }),
    );
  });

  it("are none where the pieces do not come out even", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (bytes) => {
        const [piece = bytes] = piecesOf([bytes], 100);
        for (let cut = 1; cut < piece.byteLength; cut++) {
          expect(join([piece.subarray(0, cut)])).toBeUndefined();
        }
      }),
    );
  });

  it("of any bytes are some or none, and never a throw", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 12 })), (pieces) => {
        join(pieces);
      }),
    );
  });

  it("have a limit, when they are cut and before room is made for one", () => {
    const largest = new Uint8Array(stateChunkBytesMax).fill(7);
    expect(join(piecesOf([largest], 1_000))).toEqual([largest]);
    const tooLarge = new Uint8Array(stateChunkBytesMax + 1);
    expect(() => [...cutRecords([tooLarge], 1_000)]).toThrow(RangeError);
    expect(join([Uint8Array.of(255, 255, 255, 255)])).toBeUndefined();
  });

  it("are read only as far as the pieces that were taken", () => {
    let given = 0;
    const pieces = cutRecords(
      (function* () {
        for (; ; given++) yield new Uint8Array(6);
      })(),
      30,
    );
    const take = (): void => {
      while (pieces.next().value === undefined);
    };
    take();
    expect(given).toBe(2);
    take();
    expect(given).toBe(5);
  });
});
