import { seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testDigest, testNetwork, testNowMs, testPeer } from "../../test/entries.ts";
import type { EntryVersion } from "../discovery.ts";
import { compareVersions } from "./entry-id.ts";
import { OwnEntry } from "./own-entry.ts";

function createOwn(init: { readonly tags?: readonly string[]; readonly nowMs?: number } = {}) {
  const { tags = [], nowMs = testNowMs } = init;
  return new OwnEntry({ peer: testPeer(0), network: testNetwork, nowMs, tags, addresses: [] });
}

test("the epoch of the first version is the wall clock at the start", () => {
  expect(createOwn().next(testNowMs).version).toEqual({ epoch: testNowMs, sequence: 0 });
});

test("changes that are signed together share a version", () => {
  const own = createOwn();
  own.next(testNowMs);
  own.addTags(["a"]);
  own.addTags(["b"]);
  expect(own.isFresh).toBe(true);
  const { version, tags } = own.next(testNowMs);
  expect(version.sequence).toBe(1);
  expect(tags).toEqual(new Set(["a", "b"]));
  expect(own.isFresh).toBe(false);
});

test("what changes nothing makes no new version", () => {
  const own = createOwn({ tags: ["a"] });
  own.next(testNowMs);
  expect(own.addTags(["a"])).toBe(false);
  expect(own.removeTags(["b"])).toBe(false);
  expect(own.setAddresses([])).toBe(false);
  expect(own.isFresh).toBe(false);
});

test("every signed version is greater than those before, whatever happens", () => {
  const step = fc.oneof(
    fc.constantFrom("sign", "tag", "untag", "offer").map((kind) => ({ kind, seen: undefined })),
    fc.record({
      kind: fc.constantFrom("meet", "refute"),
      seen: fc.record({ epoch: fc.nat(5), sequence: fc.nat(3) }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const own = createOwn({ nowMs: 2 });
      let last: EntryVersion | undefined;
      for (const { kind, seen } of steps) {
        if (kind === "tag") own.addTags(["a"]);
        else if (kind === "untag") own.removeTags(["a"]);
        else if (kind === "offer") own.addOffer("x", testDigest("1"));
        else if (kind === "meet" && seen) own.meet({ version: seen, at: 0 }, 0);
        else if (kind === "refute" && seen) own.refute(seen);
        else {
          const { version } = own.next(0);
          if (last !== undefined) expect(compareVersions(version, last)).toBeGreaterThan(0);
          last = version;
        }
        if (seen !== undefined && kind === "meet") {
          expect(compareVersions(own.entry.version, seen)).toBeGreaterThanOrEqual(0);
        }
      }
    }),
  );
});

test("an entry of an earlier life with a later epoch is outdone", () => {
  const own = createOwn({ nowMs: testNowMs });
  own.next(testNowMs);
  const seen = { version: { epoch: testNowMs + 5_000, sequence: 7 }, at: testNowMs };
  expect(own.meet(seen, testNowMs)).toBe(true);
  expect(own.next(testNowMs).version).toEqual({ epoch: testNowMs + 5_001, sequence: 0 });
  expect(own.meet(seen, testNowMs)).toBe(false);
});

test("the clock is put right by how far it was set back since an earlier life", () => {
  const own = createOwn({ nowMs: testNowMs - 3_600_000 });
  const seen = { version: { epoch: testNowMs, sequence: 0 }, at: testNowMs };
  own.meet(seen, testNowMs - 3_600_000);
  expect(own.clockBehindMs).toBe(3_600_000);
  expect(own.next(testNowMs - 3_600_000 + 50).at).toBe(testNowMs + 50);
});

test("an entry of an earlier life that is in the past leaves the clock alone", () => {
  const own = createOwn();
  own.meet({ version: { epoch: testNowMs + 1, sequence: 0 }, at: testNowMs - 1 }, testNowMs);
  expect(own.clockBehindMs).toBe(0);
});

test("a suspicion of the present version is refuted by a newer one, of an older one it is already", () => {
  const own = createOwn();
  const { version } = own.next(testNowMs);
  expect(own.refute({ ...version, epoch: version.epoch - 1 })).toBe(false);
  expect(own.refute({ ...version, epoch: version.epoch + 1 })).toBe(false);
  expect(own.refute(version)).toBe(true);
  expect(own.refute(version)).toBe(false);
  expect(compareVersions(own.next(testNowMs).version, version)).toBeGreaterThan(0);
});

test("an offer stays until as many withdrew it as made it", () => {
  const own = createOwn();
  const id = testDigest("1");
  expect(own.addOffer("x", id)).toBe(true);
  expect(own.addOffer("x", id)).toBe(false);
  expect(own.removeOffer("x", id)).toBe(false);
  expect(own.entry.offers.get("x")).toEqual(new Set([id]));
  expect(own.removeOffer("x", id)).toBe(true);
  expect(own.entry.offers.size).toBe(0);
});

test("tickets are counted too", () => {
  const own = createOwn();
  expect([own.addTicket("t"), own.addTicket("t")]).toEqual([true, false]);
  expect([own.removeTicket("t"), own.removeTicket("t")]).toEqual([false, true]);
  expect(own.entry.tickets).toEqual([]);
});

test("a bad tag is refused with the tag", () => {
  const own = createOwn();
  expect(() => own.addTags(["good", "a\nb"])).toThrow(
    expect.objectContaining({ code: "DISCOVERY_BAD_TAG", data: { tag: "a\nb" } }),
  );
  expect(own.entry.tags.size).toBe(0);
});

test.each<[string, (own: OwnEntry) => void]>([
  ["tags", (own) => own.addTags(Array.from({ length: 65 }, (_, n) => `t${n}`))],
  [
    "ids of a kind",
    (own) => {
      for (let n = 0; n < 65; n++) own.addOffer("x", testDigest(String(n)));
    },
  ],
  [
    "kinds of offers",
    (own) => {
      for (let n = 0; n < 17; n++) own.addOffer(`k${n}`, testDigest("1"));
    },
  ],
  [
    "offers",
    (own) => {
      for (let n = 0; n < 257; n++) own.addOffer(`k${n % 5}`, testDigest(String(n)));
    },
  ],
  [
    "tickets",
    (own) => {
      for (let n = 0; n < 9; n++) own.addTicket(`t${n}`);
    },
  ],
  [
    "bytes",
    (own) => {
      for (let n = 0; n < 3; n++) own.addTicket(String(n).repeat(8_000));
    },
  ],
])("too many %s are refused, and the entry stays as it was", (_what, change) => {
  const own = createOwn();
  expect(() => change(own)).toThrow(expect.objectContaining({ code: "DISCOVERY_ENTRY_TOO_LARGE" }));
  const { entry } = own;
  expect(() => own.next(testNowMs)).not.toThrow();
  expect(own.entry).toEqual(entry);
});

test("addresses that are none, that come twice, or that are too many are left out", () => {
  const own = createOwn();
  const many = Array.from({ length: 20 }, (_, n) => `/ip4/10.0.0.${n}/tcp/1`);
  expect(own.setAddresses(["nowhere", "/a/1", "/a/1", ...many])).toBe(true);
  expect(own.entry.addresses).toHaveLength(16);
  expect(own.entry.addresses.slice(0, 2)).toEqual(["/a/1", many[0]]);
});

test("addresses for which there is no room are left out", () => {
  const own = createOwn();
  own.addTicket("a".repeat(8_000));
  own.addTicket("b".repeat(7_000));
  const random = seededRandom(1);
  const long = Array.from(
    { length: 16 },
    () => `/${String(random.next()).repeat(20).slice(0, 200)}`,
  );
  own.setAddresses(long);
  expect(own.entry.addresses.length).toBeGreaterThan(0);
  expect(own.entry.addresses.length).toBeLessThan(16);
});
