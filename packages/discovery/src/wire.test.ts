import type { Message } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { testPeer } from "../test/entries.ts";
import { encodeEntryIds } from "./core/entry-id.ts";
import { type GossipMessage, GossipProtocol, type SyncMessage, SyncProtocol } from "./wire.ts";

const entry = new Uint8Array(200).fill(3);
const ids = encodeEntryIds([
  { peer: testPeer(1), version: { epoch: 5, sequence: 6 } },
  { peer: testPeer(2), version: { epoch: 7, sequence: 8 } },
]);
const gossip: GossipMessage[] = [
  { kind: "neighbour", priority: "high" },
  { kind: "welcome" },
  { kind: "entry", entry },
  { kind: "have", ids },
  { kind: "graft", ids },
  { kind: "prune" },
  { kind: "suspect", ids },
];
const summary = Uint8Array.from([3, 1, 2, 3, 4, 5, 6, 7, 8, 200, 1, 2, 3, 4, 5, 6, 7, 8]);
const sync: SyncMessage[] = [
  { kind: "hello", entry, summary },
  { kind: "hello", entry, summary, suspected: [4, 5] },
  { kind: "listing", ids, last: true },
  { kind: "entries", entries: [entry, entry], last: false },
];

const protocols: [string, Message<unknown>, readonly unknown[]][] = [
  // The arrays hold messages of just these protocols.
  ["gossip", GossipProtocol.message as Message<unknown>, gossip],
  ["sync", SyncProtocol.message as Message<unknown>, sync],
];

test.each(protocols)("every %s message survives its way over the wire", (_name, message, all) => {
  for (const value of all) {
    expect(message.decode(message.encode(value))).toEqual({ ok: true, value });
  }
});

test.each(protocols)("garbage is no %s message, and never throws", (_name, message) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      expect(message.decode(bytes).ok).toBe(false);
    }),
    { numRuns: inject("fuzzCases") },
  );
});

test.each(protocols)("a damaged %s message never throws", (_name, message, all) => {
  const encoded = all.map((value) => message.encode(value));
  fc.assert(
    fc.property(
      fc.constantFrom(...encoded),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(300)),
      (bytes, changes, cut) => {
        const changed = Uint8Array.from(bytes);
        for (const [at, value] of changes) changed[at % changed.byteLength] = value;
        message.decode(changed.subarray(0, cut ?? undefined));
      },
    ),
    { numRuns: inject("fuzzCases") },
  );
  expect(Object.prototype).not.toHaveProperty("polluted");
});

test.each<[string, unknown]>([
  ["half an id", { kind: "have", ids: ids.subarray(1) }],
  ["more ids than allowed", { kind: "have", ids: new Uint8Array(44 * 257) }],
  ["an entry that is too small", { kind: "entry", entry: new Uint8Array(96) }],
  ["an entry that is too large", { kind: "entry", entry: new Uint8Array(17 * 1024) }],
  ["an unknown kind", { kind: "shuffle" }],
  ["more than its kind has", { kind: "prune", more: true }],
])("a gossip message with %s is refused", (_what, value) => {
  const bytes = GossipProtocol.message.encode(value as GossipMessage); // what is to be refused
  expect(GossipProtocol.message.decode(bytes).ok).toBe(false);
});

test.each<[string, unknown]>([
  ["a summary out of order", { kind: "hello", entry, summary: swapped(summary) }],
  ["half a row", { kind: "hello", entry, summary: summary.subarray(1) }],
  ["more ids than allowed", { kind: "listing", ids: new Uint8Array(44 * 1001), last: true }],
  ["no entry", { kind: "hello", summary }],
])("a sync message with %s is refused", (_what, value) => {
  const bytes = SyncProtocol.message.encode(value as SyncMessage); // what is to be refused
  expect(SyncProtocol.message.decode(bytes).ok).toBe(false);
});

function swapped(rows: Uint8Array): Uint8Array {
  return Uint8Array.from([...rows.subarray(9), ...rows.subarray(0, 9)]);
}
