import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "./entry.ts";
import { SnapshotPace } from "./snapshot-pace.ts";

const mebibyte = 1_024 * 1_024;

function entries(count: number, bytes: number): Entry[] {
  const data = new Uint8Array(bytes);
  return Array.from({ length: count }, (_, at) => {
    return { index: at + 1, term: 1, kind: "command", data, configuration: undefined };
  });
}

function paceOf(snapshotBytes: number, entryBytes: number): SnapshotPace {
  const pace = new SnapshotPace();
  pace.saved(snapshotBytes);
  pace.handed(entries(100, entryBytes - 32));
  return pace;
}

describe("the pace of snapshots", () => {
  test("a state that is small beside the log is written at every multiple", () => {
    expect(paceOf(mebibyte, 1_024).stride(10_000)).toBe(10_000);
    expect(new SnapshotPace().stride(10_000)).toBe(10_000);
  });

  test("of 200 MiB and entries of 256 bytes, multiples are passed over", () => {
    expect(paceOf(200 * mebibyte, 256).stride(10_000)).toBe(320_000);
  });

  test("after one that was wanted and not taken nothing is passed over, until the next is wanted", () => {
    const pace = paceOf(200 * mebibyte, 256);
    pace.missed();
    expect(pace.stride(10_000)).toBe(10_000);
    pace.wanted(entries(100, 224));
    expect(pace.stride(10_000)).toBe(320_000);
  });

  test("snapshots write at most four times the log, and at most 256 MiB of log is between two", () => {
    const sizes = fc.integer({ min: 0, max: 4_096 * mebibyte });
    const property = fc.property(sizes, fc.integer({ min: 32, max: 4_096 }), (snapshot, entry) => {
      const stride = paceOf(snapshot, entry).stride(10_000);
      const logBytes = stride * entry;
      expect(Number.isInteger(Math.log2(stride / 10_000))).toBe(true);
      expect(logBytes).toBeLessThanOrEqual(256 * mebibyte);
      expect(logBytes * 4 >= snapshot || 2 * logBytes > 256 * mebibyte).toBe(true);
    });
    fc.assert(property, { numRuns: 50 });
  });
});
