import { type Ed25519, encodeUtf8 } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { testDigest, testEntry, testPeer } from "../../test/entries.ts";
import type { PeerEntry } from "../discovery.ts";
import { EntryMessage } from "../wire.ts";
import { claimedSigner, entrySize, openEntry, sameContent, signEntry } from "./peer-entry.ts";

const identity = ed25519.identity(new Uint8Array(32).fill(7));
/** Believes everything, so that what is behind the signature is reached. */
const credulous: Ed25519 = { ...ed25519, verify: () => true };

const label = fc.stringMatching(/^[a-z0-9:.-]{1,20}$/);
const entries: fc.Arbitrary<PeerEntry> = fc.record({
  peer: fc.constant(identity.peer),
  network: fc.constant(testEntry().network),
  version: fc.record({ epoch: fc.nat(), sequence: fc.nat() }),
  at: fc.nat(),
  addresses: fc.array(
    label.map((name) => `/dns4/${name}/tcp/1`),
    { maxLength: 16 },
  ),
  tags: fc.array(label, { maxLength: 64 }).map((tags) => new Set(tags)),
  offers: fc
    .array(fc.tuple(label, fc.array(fc.nat(20), { minLength: 1, maxLength: 16 })), {
      maxLength: 16,
    })
    .map((kinds) => {
      const sets = kinds.map(([kind, ids]) => {
        return [kind, new Set(ids.map((id) => testDigest(String(id))))] as const;
      });
      return new Map(sets);
    }),
  tickets: fc.array(label, { maxLength: 8 }),
});

test("an entry survives its way over the wire", () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const { bytes } = signEntry(entry, { identity, gone: false });
      const opened = openEntry(bytes, ed25519);
      expect(opened).toEqual({ ok: true, value: { entry, gone: false, bytes } });
      expect(claimedSigner(bytes)).toBe(identity.peer);
    }),
    { numRuns: 200 },
  );
});

test("an entry has the same bytes in whatever order its sets were made", () => {
  const there = testEntry({ tags: ["a", "b"], offers: { x: ["1", "2"], y: ["3"] } });
  const back = testEntry({ tags: ["b", "a"], offers: { y: ["3"], x: ["2", "1"] } });
  const sign = (entry: PeerEntry) => signEntry(entry, { identity, gone: false }).bytes;
  expect(sign({ ...there, peer: identity.peer })).toEqual(sign({ ...back, peer: identity.peer }));
  expect(sameContent(there, back)).toBe(true);
});

test("a goodbye has a version and nothing else to say", () => {
  const entry = { ...testEntry({ tags: ["a"], sequence: 4 }), peer: identity.peer };
  const opened = openEntry(signEntry(entry, { identity, gone: true }).bytes, ed25519);
  expect(opened).toMatchObject({
    ok: true,
    value: { gone: true, entry: { version: { epoch: 1, sequence: 4 }, tags: new Set() } },
  });
});

test("a change of any byte is found out", () => {
  const { bytes } = signEntry(testEntry({ tags: ["a"] }), { identity, gone: false });
  fc.assert(
    fc.property(fc.nat(bytes.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = ((changed[at] ?? 0) + by) & 0xff;
      expect(openEntry(changed, ed25519)).toMatchObject({
        ok: false,
        error: { code: "DISCOVERY_ENTRY_FORGED" },
      });
    }),
    { numRuns: 300 },
  );
});

test("what another message's signature covers is no entry", () => {
  const { bytes } = signEntry(testEntry(), { identity, gone: false });
  const payload = bytes.subarray(96);
  const signature = identity.sign(payload);
  const forged = Uint8Array.from([...bytes.subarray(0, 32), ...signature, ...payload]);
  expect(openEntry(forged, ed25519)).toMatchObject({
    ok: false,
    error: { code: "DISCOVERY_ENTRY_FORGED" },
  });
});

test("garbage never throws and never opens", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(openEntry(bytes, credulous).ok).toBe(false);
    }),
    { numRuns: inject("fuzzCases") },
  );
});

test("a damaged entry that its peer signed never throws", () => {
  const { bytes } = signEntry(
    testEntry({ tags: ["hub", "eu"], offers: { "stream.producer": ["1", "2"] } }),
    { identity, gone: false },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(bytes.byteLength - 97), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.option(fc.nat(bytes.byteLength)),
      (changes, cut) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[96 + at] = value;
        const opened = openEntry(changed.subarray(0, cut ?? undefined), credulous);
        if (!opened.ok) expect(opened.error.code).toBe("DISCOVERY_ENTRY_MALFORMED");
      },
    ),
    { numRuns: inject("fuzzCases") },
  );
});

function tampered(change: Record<string, unknown>): string | undefined {
  const wire = {
    network: new Uint8Array(32),
    version: [1, 1],
    at: 1,
    gone: false,
    addresses: [],
    tags: [],
    offers: [],
    tickets: [],
    ...change,
  };
  const payload = EntryMessage.encode(wire as never); // what the schema is to refuse
  const opened = openEntry(Uint8Array.from([...new Uint8Array(96), ...payload]), credulous);
  return opened.ok ? undefined : opened.error.code;
}

const id = (byte: number) => new Uint8Array(32).fill(byte);

test.each<[string, Record<string, unknown>]>([
  ["more tags than allowed", { tags: Array.from({ length: 65 }, (_, n) => `t${100 + n}`) }],
  ["tags out of order", { tags: ["b", "a"] }],
  ["a tag twice", { tags: ["a", "a"] }],
  ["a tag that disguises itself", { tags: ["a\u202eb"] }],
  ["more addresses than allowed", { addresses: Array.from({ length: 17 }, (_, n) => `/a/${n}`) }],
  ["an address of another form", { addresses: ["tcp://a"] }],
  ["ids out of order", { offers: [["x", Uint8Array.from([...id(2), ...id(1)])]] }],
  ["half an id", { offers: [["x", new Uint8Array(16)]] }],
  ["a kind without ids", { offers: [["x", new Uint8Array(0)]] }],
  ["a network id of another length", { network: new Uint8Array(31) }],
  ["a version in the negative", { version: [1, -1] }],
  ["a version beyond six bytes", { version: [2 ** 48, 0] }],
  ["a key that we do not know", { more: 1 }],
  ["a ticket that is too long", { tickets: ["a".repeat(8 * 1024 + 1)] }],
])("an entry with %s is refused", (_what, change) => {
  expect(tampered(change)).toBe("DISCOVERY_ENTRY_MALFORMED");
});

test("an entry that is within every limit opens", () => {
  expect(tampered({ tags: ["a", "b"], offers: [["x", id(1)]] })).toBeUndefined();
});

test("an entry of another peer's name cannot be made", () => {
  const entry = testEntry({ peer: testPeer(1) });
  const opened = openEntry(signEntry(entry, { identity, gone: false }).bytes, ed25519);
  expect(opened).toMatchObject({ ok: true, value: { entry: { peer: identity.peer } } });
});

test("the size of an entry is that of its bytes", () => {
  const entry = testEntry({ tags: ["a"] });
  const { bytes } = signEntry(entry, { identity, gone: false });
  expect(entrySize(entry)).toBe(bytes.byteLength - 96);
  expect(encodeUtf8("a").byteLength).toBe(1);
});

test("the version and the time are no content, everything else is", () => {
  const entry = testEntry({ tags: ["a"], offers: { x: ["1"] } });
  expect(sameContent(entry, { ...entry, at: 5, version: { epoch: 9, sequence: 9 } })).toBe(true);
  const others: Partial<PeerEntry>[] = [
    { tags: new Set(["b"]) },
    { tags: new Set() },
    { addresses: [] },
    { tickets: ["t"] },
    { offers: new Map() },
    { offers: new Map([["x", new Set([testDigest("2")])]]) },
    { offers: new Map([["y", new Set([testDigest("1")])]]) },
  ];
  for (const other of others) expect(sameContent(entry, { ...entry, ...other })).toBe(false);
});
