import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import { entryIdBytes, versionPartMax } from "../config.ts";
import { compareVersions, decodeEntryIds, encodeEntryIds, laterVersion } from "./entry-id.ts";

const part = fc.oneof(
  fc.nat(),
  fc.maxSafeNat().map((n) => n % (versionPartMax + 1)),
);
const version = fc.record({ epoch: part, sequence: part });
const id = fc.record({ peer: fc.nat(50).map(testPeer), version });

test("ids survive their way over the wire", () => {
  fc.assert(
    fc.property(fc.array(id), (ids) => {
      const bytes = encodeEntryIds(ids);
      expect(bytes.byteLength).toBe(ids.length * entryIdBytes);
      expect(decodeEntryIds(bytes)).toEqual(ids);
    }),
  );
  const greatest = {
    peer: testPeer(1),
    version: { epoch: versionPartMax, sequence: versionPartMax },
  };
  expect(decodeEntryIds(encodeEntryIds([greatest]))).toEqual([greatest]);
});

test("whatever the bytes, they decode to as many ids as fit", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeEntryIds(bytes)).toHaveLength(Math.floor(bytes.byteLength / entryIdBytes));
    }),
    { numRuns: inject("fuzzCases") },
  );
});

test("a later epoch beats any sequence number", () => {
  expect(compareVersions({ epoch: 2, sequence: 0 }, { epoch: 1, sequence: 9 })).toBeGreaterThan(0);
  expect(compareVersions({ epoch: 1, sequence: 3 }, { epoch: 1, sequence: 9 })).toBeLessThan(0);
  expect(compareVersions({ epoch: 1, sequence: 3 }, { epoch: 1, sequence: 3 })).toBe(0);
});

test("the later of two versions is the same from either side", () => {
  fc.assert(
    fc.property(version, version, (left, right) => {
      expect(laterVersion(left, right)).toEqual(laterVersion(right, left));
    }),
  );
});
