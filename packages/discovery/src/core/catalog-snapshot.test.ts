import fc from "fast-check";
import { expect, test } from "vitest";
import { testDigest, testEntry, testPeer } from "../../test/entries.ts";
import { CatalogSnapshot } from "./catalog-snapshot.ts";

const empty = CatalogSnapshot.of(testEntry({ peer: testPeer(0) }));
const entry = fc
  .record({
    peer: fc.integer({ min: 1, max: 5 }).map(testPeer),
    offers: fc.dictionary(
      fc.constantFrom("x", "y"),
      fc.subarray(["1", "2", "3"], { minLength: 1 }),
    ),
  })
  .map(testEntry);
const change = fc.oneof(
  entry.map((entry) => ({ entry, out: undefined })),
  fc.integer({ min: 1, max: 5 }).map((n) => ({ entry: undefined, out: testPeer(n) })),
);

test("who offers an id is found as by asking every peer", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      let catalog = empty;
      for (const { entry, out } of changes) {
        catalog = entry === undefined ? catalog.without(out) : catalog.with(entry);
      }
      for (const kind of ["x", "y", "z"]) {
        for (const name of ["1", "2", "3"]) {
          const id = testDigest(name);
          const asked = [...catalog.peers.values()].filter(({ offers }) =>
            offers.get(kind)?.has(id),
          );
          expect(catalog.offering(kind, id)).toEqual(asked);
        }
      }
    }),
  );
});

test("what the local peer offers is not found", () => {
  const me = testEntry({ peer: testPeer(0), offers: { x: ["1"] } });
  expect(empty.withMe(me).offering("x", testDigest("1"))).toEqual([]);
});

test("a snapshot stays as it was", () => {
  const before = empty.with(testEntry({ offers: { x: ["1"] } }));
  before.without(testPeer(1));
  before.with(testEntry({ offers: {} }));
  expect(before.offering("x", testDigest("1"))).toHaveLength(1);
});
