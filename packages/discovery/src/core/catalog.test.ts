import type { PeerId } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testDigest, testEntry, testNowMs, testPeer, testSigned } from "../../test/entries.ts";
import { CatalogCore, type CatalogInit, type Moment } from "./catalog.ts";
import type { SignedEntry } from "./peer-entry.ts";

const me = testPeer(0);
const source = testPeer(99);
const start: Moment = { wallMs: testNowMs, monotonicMs: 0 };
const after = (ms: number): Moment => ({ wallMs: testNowMs + ms, monotonicMs: ms });

function createCatalog(init: Partial<CatalogInit> = {}): CatalogCore {
  return new CatalogCore({
    network: testEntry().network,
    me: testEntry({ peer: me }),
    purgeMs: 300_000,
    driftMs: 10_000,
    peersMax: 100,
    isConnected: () => false,
    ...init,
  });
}

function merge(catalog: CatalogCore, signed: SignedEntry, now = start) {
  return catalog.merge(signed, source, now);
}

function kinds(outcome: ReturnType<typeof merge>): string[] {
  return outcome.kind === "merged" ? outcome.events.map(({ kind }) => kind) : [outcome.code];
}

test("a peer is discovered, updated, and departs by its goodbye", () => {
  const catalog = createCatalog();
  expect(kinds(merge(catalog, testSigned({ sequence: 1 })))).toEqual(["discovered"]);
  expect(kinds(merge(catalog, testSigned({ sequence: 2, tags: ["a"] })))).toEqual(["updated"]);
  expect(kinds(merge(catalog, testSigned({ sequence: 3, gone: true })))).toEqual(["departed"]);
  expect(catalog.snapshot.peers.size).toBe(0);
});

test("an update tells what was before", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ sequence: 1, tags: ["a"] }));
  const outcome = merge(catalog, testSigned({ sequence: 2, tags: ["b"] }));
  expect(outcome).toMatchObject({
    events: [{ kind: "updated", entry: { tags: new Set("b") }, before: { tags: new Set("a") } }],
  });
});

test("a sign of life changes no snapshot, and is what is passed on", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ sequence: 1, tags: ["a"] }));
  const { snapshot } = catalog;
  const refreshed = testSigned({ sequence: 2, tags: ["a"], at: testNowMs + 5 });
  expect(merge(catalog, refreshed)).toEqual({ kind: "merged", events: [] });
  expect(catalog.snapshot).toBe(snapshot);
  expect(catalog.bytesOf(testPeer(1))).toEqual(refreshed.bytes);
  expect(catalog.versionOf(testPeer(1))).toEqual({ epoch: 1, sequence: 2 });
});

test("an older version never replaces a newer", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ epoch: 2, tags: ["new"] }));
  expect(merge(catalog, testSigned({ epoch: 1, sequence: 9, tags: ["old"] }))).toMatchObject({
    code: "DISCOVERY_ENTRY_STALE",
    duplicate: false,
  });
  expect(catalog.snapshot.peers.get(testPeer(1))?.tags).toEqual(new Set(["new"]));
});

test("the very same entry is known for a duplicate", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned());
  expect(merge(catalog, testSigned())).toMatchObject({ kind: "refused", duplicate: true });
});

test.each([
  ["of another network", { network: testDigest("x") as never }, "DISCOVERY_ENTRY_FOREIGN"],
  ["beyond the drift in the future", { at: testNowMs + 10_001 }, "DISCOVERY_ENTRY_FUTURE"],
  ["as old as entries get", { at: testNowMs - 300_000 }, "DISCOVERY_ENTRY_EXPIRED"],
])("an entry %s is refused, and nothing changes", (_what, init, code) => {
  const catalog = createCatalog();
  const { snapshot } = catalog;
  expect(merge(catalog, testSigned(init))).toMatchObject({ kind: "refused", code });
  expect(catalog.snapshot).toBe(snapshot);
  expect(catalog.versionOf(testPeer(1))).toBeUndefined();
});

test("an entry within the drift is taken", () => {
  expect(merge(createCatalog(), testSigned({ at: testNowMs + 10_000 })).kind).toBe("merged");
});

test("an entry expires when it is too old, by its own age and our steady clock", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ at: testNowMs - 100_000 }));
  expect(catalog.sweep(after(199_999)).events).toEqual([]);
  expect(catalog.sweep({ wallMs: 0, monotonicMs: 200_000 }).events).toMatchObject([
    { kind: "departed", reason: "expired" },
  ]);
});

test("a step of the wall clock expires nobody", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned());
  expect(catalog.sweep({ wallMs: testNowMs + 3_600_000, monotonicMs: 1 }).events).toEqual([]);
  expect(catalog.snapshot.peers.size).toBe(1);
});

test("after a goodbye no older entry brings a peer back, a newer one does", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ sequence: 2, gone: true }));
  expect(kinds(merge(catalog, testSigned({ sequence: 1 })))).toEqual(["DISCOVERY_ENTRY_STALE"]);
  expect(kinds(merge(catalog, testSigned({ epoch: 2 })))).toEqual(["discovered"]);
});

test("the goodbye of somebody unknown is no event, and is passed on", () => {
  const catalog = createCatalog();
  const goodbye = testSigned({ gone: true });
  expect(merge(catalog, goodbye)).toEqual({ kind: "merged", events: [] });
  expect(catalog.bytesOf(testPeer(1))).toEqual(goodbye.bytes);
});

test("an unreachable peer does not come back at the same version, whatever the bytes", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ tags: ["a"] }));
  expect(catalog.depart(testPeer(1), "unreachable", start)).toMatchObject({ kind: "departed" });
  expect(catalog.bytesOf(testPeer(1))).toBeUndefined();
  expect(catalog.unreachable()).toEqual([testPeer(1)]);
  for (const tags of [["a"], ["z"], []]) {
    expect(merge(catalog, testSigned({ tags }))).toMatchObject({
      code: "DISCOVERY_ENTRY_STALE",
      contested: true,
      duplicate: false,
    });
  }
  expect(kinds(merge(catalog, testSigned({ sequence: 1 })))).toEqual(["discovered"]);
});

test("an unreachable peer that is reached is back as it was", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ tags: ["a"] }));
  catalog.depart(testPeer(1), "unreachable", start);
  expect(catalog.revive(testPeer(1), after(10))).toMatchObject([{ kind: "discovered" }]);
  expect(catalog.snapshot.peers.get(testPeer(1))?.tags).toEqual(new Set(["a"]));
  expect(catalog.bytesOf(testPeer(1))).toEqual(testSigned({ tags: ["a"] }).bytes);
});

test("a peer that said goodbye, or is too old by now, is not revived", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned());
  merge(catalog, testSigned({ sequence: 1, gone: true }));
  expect(catalog.revive(testPeer(1), start)).toEqual([]);
  merge(catalog, testSigned({ peer: testPeer(2) }));
  catalog.depart(testPeer(2), "unreachable", start);
  expect(catalog.revive(testPeer(2), after(300_000))).toEqual([]);
});

test("a departure is remembered for as long as an entry of that version could be accepted", () => {
  const catalog = createCatalog();
  merge(catalog, testSigned({ at: testNowMs + 10_000 }));
  catalog.depart(testPeer(1), "unreachable", start);
  expect(catalog.sweep(after(309_999)).forgotten).toEqual([]);
  expect(merge(catalog, testSigned({ at: testNowMs + 10_000 }), after(309_999)).kind).toBe(
    "refused",
  );
  expect(catalog.sweep(after(310_000)).forgotten).toEqual([testPeer(1)]);
  expect(kinds(merge(catalog, testSigned({ at: testNowMs + 10_000 }), after(310_000)))).toEqual([
    "DISCOVERY_ENTRY_EXPIRED",
  ]);
});

test("whoever floods a full catalog displaces only its own", () => {
  const catalog = createCatalog({ peersMax: 10 });
  const [honest, flooder] = [testPeer(200), testPeer(201)];
  for (let n = 1; n <= 3; n++) catalog.merge(testSigned({ peer: testPeer(n) }), honest, start);
  for (let n = 10; n < 1_000; n++) {
    const outcome = catalog.merge(testSigned({ peer: testPeer(n) }), flooder, start);
    if (n >= 17) expect(outcome).toMatchObject({ code: "DISCOVERY_CATALOG_FULL" });
  }
  for (let n = 1; n <= 3; n++) expect(catalog.snapshot.peers.has(testPeer(n))).toBe(true);
  const newcomer = catalog.merge(testSigned({ peer: testPeer(4) }), testPeer(4), start);
  expect(kinds(newcomer)).toEqual(["departed", "discovered"]);
  expect(newcomer).toMatchObject({ events: [{ reason: "evicted" }, {}] });
  expect(catalog.snapshot.peers.size).toBe(10);
});

test("a connected peer gives way to nobody", () => {
  const catalog = createCatalog({ peersMax: 2, isConnected: () => true });
  for (let n = 1; n <= 2; n++) catalog.merge(testSigned({ peer: testPeer(n) }), source, start);
  const outcome = catalog.merge(testSigned({ peer: testPeer(3) }), testPeer(3), start);
  expect(outcome).toMatchObject({ code: "DISCOVERY_CATALOG_FULL" });
});

test("goodbyes of strangers are remembered up to a limit", () => {
  const catalog = createCatalog({ peersMax: 5 });
  for (let n = 1; n <= 5; n++) merge(catalog, testSigned({ peer: testPeer(n), gone: true }));
  expect(merge(catalog, testSigned({ peer: testPeer(6), gone: true }))).toMatchObject({
    code: "DISCOVERY_CATALOG_FULL",
  });
});

const signed = fc
  .record({
    peer: fc.integer({ min: 1, max: 4 }).map(testPeer),
    epoch: fc.nat(2),
    sequence: fc.nat(2),
    tags: fc.subarray(["a", "b"]),
    gone: fc.boolean(),
  })
  .map(testSigned);

/** All that a catalog holds: versions, bytes, what it shows. */
function contents(catalog: CatalogCore): unknown {
  const peers: [PeerId, unknown][] = [];
  for (let n = 1; n <= 4; n++) {
    const peer = testPeer(n);
    const shown = catalog.snapshot.peers.get(peer);
    const bytes = catalog.bytesOf(peer);
    peers.push([peer, [catalog.versionOf(peer), bytes?.join(), shown && [...shown.tags]]]);
  }
  return { peers, summary: catalog.summary.encode().join() };
}

function merged(...lists: (readonly SignedEntry[])[]): CatalogCore {
  const catalog = createCatalog();
  for (const entry of lists.flat()) merge(catalog, entry);
  return catalog;
}

test("merging is commutative, associative and idempotent", () => {
  fc.assert(
    fc.property(fc.array(signed), fc.array(signed), fc.array(signed), (a, b, c) => {
      const all = contents(merged(a, b, c));
      expect(contents(merged(c, b, a))).toEqual(all);
      expect(contents(merged(b, c, a))).toEqual(all);
      expect(contents(merged(a, a, b, c, b, a))).toEqual(all);
    }),
    { numRuns: 2_000 },
  );
});

test("merging any order of the same entries leads to the same catalog", () => {
  const shuffled = fc
    .array(signed, { maxLength: 12 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(contents(merged(other))).toEqual(contents(merged(all)));
    }),
    { numRuns: 2_000 },
  );
});

test("the events, told from the beginning, are the catalog", () => {
  fc.assert(
    fc.property(fc.array(signed), (all) => {
      const catalog = createCatalog();
      const told = new Map<PeerId, string>();
      for (const entry of all) {
        const outcome = merge(catalog, entry);
        if (outcome.kind === "refused") continue;
        for (const event of outcome.events) {
          if (event.kind === "lagged") continue;
          if (event.kind === "departed") expect(told.delete(event.entry.peer)).toBe(true);
          else {
            expect(told.has(event.entry.peer)).toBe(event.kind === "updated");
            told.set(event.entry.peer, [...event.entry.tags].join());
          }
        }
      }
      const shown = [...catalog.snapshot.peers].map(([peer, { tags }]) => [peer, [...tags].join()]);
      expect([...told].sort()).toEqual(shown.sort());
    }),
  );
});
