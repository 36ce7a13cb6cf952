import { encodeUtf8, type PeerId } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import type { EntryVersion } from "../discovery.ts";
import { type SyncMessage, SyncProtocol } from "../wire.ts";
import { CatalogSummary } from "./catalog-summary.ts";
import { compareVersions, encodeEntryIds } from "./entry-id.ts";
import { SyncSession, type SyncSource } from "./sync-session.ts";

/** A catalog of nothing but versions; an entry's bytes are its peer and version, made long. */
class Shelf implements SyncSource {
  readonly summary = new CatalogSummary();
  readonly held = new Map<PeerId, EntryVersion>();
  readonly own: Uint8Array;
  readonly #entryBytes: number;

  constructor(me: PeerId, held: Iterable<readonly [PeerId, EntryVersion]>, entryBytes = 200) {
    this.#entryBytes = entryBytes;
    for (const [peer, version] of held) this.put(peer, version);
    if (!this.held.has(me)) this.put(me, { epoch: 1, sequence: 0 });
    this.own = this.bytesOf(me) as Uint8Array; // just put there
  }

  put(peer: PeerId, version: EntryVersion): void {
    const known = this.held.get(peer);
    if (known !== undefined && compareVersions(known, version) >= 0) return;
    this.held.set(peer, version);
    this.summary.set(peer, version);
  }

  bytesOf(peer: PeerId): Uint8Array | undefined {
    const version = this.held.get(peer);
    if (version === undefined) return undefined;
    return encodeUtf8(JSON.stringify([peer, version]).padEnd(this.#entryBytes));
  }

  take(bytes: Uint8Array): PeerId {
    const [peer, version] = JSON.parse(new TextDecoder().decode(bytes)) as [PeerId, EntryVersion];
    this.put(peer, version);
    return peer;
  }

  get contents(): unknown[] {
    return [...this.held]
      .map(([peer, { epoch, sequence }]) => `${peer} ${epoch} ${sequence}`)
      .sort();
  }
}

/** Runs a session over the wire and returns what each side was sent, the greetings aside. */
function exchange(left: Shelf, right: Shelf) {
  const opener = new SyncSession(left, { role: "opener", idsMax: 20_000 });
  const responder = new SyncSession(right, { role: "responder", idsMax: 20_000 });
  const ends = [
    { session: opener, shelf: left, other: responder, otherShelf: right, sent: [] as PeerId[] },
    { session: responder, shelf: right, other: opener, otherShelf: left, sent: [] as PeerId[] },
  ];
  let frames = 0;
  for (let idle = 0; idle < 2; ) {
    for (const { session, other, otherShelf, sent } of ends) {
      const message = session.next();
      idle = message === undefined ? idle + 1 : 0;
      if (message === undefined) continue;
      frames += 1;
      const decoded = SyncProtocol.message.decode(SyncProtocol.message.encode(message));
      if (!decoded.ok) throw decoded.error;
      const step = other.receive(decoded.value);
      expect(step.refuse).toBeUndefined();
      for (const entry of step.entries) {
        const peer = otherShelf.take(entry);
        if (message.kind === "entries") sent.push(peer);
      }
    }
  }
  expect([opener.done, responder.done]).toEqual([true, true]);
  return { toRight: ends[0]?.sent ?? [], toLeft: ends[1]?.sent ?? [], frames };
}

const version = fc.record({ epoch: fc.nat(2), sequence: fc.nat(2) });
const contents = fc.array(fc.tuple(fc.nat(400).map(testPeer), version), { maxLength: 300 });
const [me, you] = [testPeer(20_001), testPeer(20_002)];

test("after a session both sides hold the newest of what either held", () => {
  fc.assert(
    fc.property(contents, contents, (mine, yours) => {
      const [left, right] = [new Shelf(me, mine), new Shelf(you, yours)];
      exchange(left, right);
      expect(left.contents).toEqual(right.contents);
      expect(new Shelf(me, [...mine, ...yours, ...left.held]).contents).toEqual(left.contents);
    }),
    { numRuns: 200 },
  );
});

test("only what the other side lacks is sent", () => {
  fc.assert(
    fc.property(contents, contents, (mine, yours) => {
      const [left, right] = [new Shelf(me, mine), new Shelf(you, yours)];
      const [before, after] = [new Map(left.held), new Map(right.held)];
      const { toRight, toLeft } = exchange(left, right);
      const lacks = (held: Map<PeerId, EntryVersion>, peer: PeerId, version: EntryVersion) => {
        const known = held.get(peer);
        return known === undefined || compareVersions(known, version) < 0;
      };
      for (const peer of toRight)
        expect(lacks(after, peer, before.get(peer) as EntryVersion)).toBe(true);
      for (const peer of toLeft)
        expect(lacks(before, peer, after.get(peer) as EntryVersion)).toBe(true);
      expect(new Set(toRight).size).toBe(toRight.length);
    }),
    { numRuns: 200 },
  );
});

const everyone = (count: number) =>
  Array.from({ length: count }, (_, n) => [testPeer(n), { epoch: 1, sequence: 0 }] as const);

test("two equal catalogs exchange nothing but their greetings and six frames", () => {
  const all = [
    ...everyone(500),
    ...[me, you].map((peer) => [peer, { epoch: 1, sequence: 0 }] as const),
  ];
  const { toLeft, toRight, frames } = exchange(new Shelf(me, all), new Shelf(you, all));
  expect([toLeft, toRight, frames]).toEqual([[], [], 6]);
});

test("a newcomer gets a catalog of ten thousand in bounded frames", () => {
  const [left, right] = [new Shelf(me, []), new Shelf(you, everyone(10_000), 300)];
  const { toLeft, frames } = exchange(left, right);
  expect(toLeft.length).toBeGreaterThanOrEqual(10_000);
  expect(frames).toBeLessThan(100);
  expect(left.contents).toEqual(right.contents);
});

test("of two catalogs with one difference only that is exchanged", () => {
  const [left, right] = [new Shelf(me, everyone(2_000)), new Shelf(you, everyone(2_000))];
  right.put(testPeer(7), { epoch: 2, sequence: 0 });
  const { toLeft, toRight } = exchange(left, right);
  expect(toLeft).toContain(testPeer(7));
  for (const peer of [...toLeft, ...toRight]) expect([testPeer(7), me, you]).toContain(peer);
});

test("entries that are as large as they get are still exchanged", () => {
  const [left, right] = [new Shelf(me, []), new Shelf(you, everyone(20), 16_000)];
  expect(exchange(left, right).toLeft.length).toBeGreaterThanOrEqual(20);
});

test("a suspicion is told with the greeting", () => {
  const suspected = { epoch: 3, sequence: 4 };
  const opener = new SyncSession(new Shelf(me, []), { role: "opener", idsMax: 10, suspected });
  const responder = new SyncSession(new Shelf(you, []), { role: "responder", idsMax: 10 });
  expect(responder.receive(opener.next() as SyncMessage).suspected).toEqual(suspected);
});

test("a responder says nothing before it is asked", () => {
  const responder = new SyncSession(new Shelf(you, []), { role: "responder", idsMax: 10 });
  expect(responder.next()).toBeUndefined();
  expect(responder.answered).toBe(false);
});

function greeted(idsMax = 5): SyncSession {
  const session = new SyncSession(new Shelf(you, everyone(300)), { role: "responder", idsMax });
  const other = new SyncSession(new Shelf(me, everyone(200)), { role: "opener", idsMax });
  session.receive(other.next() as SyncMessage);
  return session;
}

test.each<[string, (session: SyncSession) => SyncMessage[]]>([
  [
    "a listing before the greeting is due again",
    () => [{ kind: "entries", entries: [], last: true }],
  ],
  [
    "a second greeting",
    () => [{ kind: "hello", entry: new Uint8Array(100), summary: new Uint8Array(0) }],
  ],
  [
    "more ids than a catalog can have",
    () => [
      {
        kind: "listing",
        ids: encodeEntryIds(
          everyone(300)
            .slice(200, 206)
            .map(([peer, version]) => ({ peer, version })),
        ),
        last: false,
      },
    ],
  ],
  [
    "more entries than a catalog can have",
    () => [
      { kind: "listing", ids: new Uint8Array(0), last: true },
      {
        kind: "entries",
        entries: Array.from({ length: 6 }, () => new Uint8Array(100)),
        last: false,
      },
    ],
  ],
  [
    "something after the end",
    () => [
      { kind: "listing", ids: new Uint8Array(0), last: true },
      { kind: "entries", entries: [], last: true },
      { kind: "entries", entries: [], last: true },
    ],
  ],
])("%s ends the session", (_what, messages) => {
  const session = greeted();
  const steps = messages(session).map((message) => session.receive(message));
  expect(steps.at(-1)?.refuse).toBeTypeOf("string");
  expect(steps.slice(0, -1).every(({ refuse }) => refuse === undefined)).toBe(true);
});

test("an id of a bucket that does not differ ends the session", () => {
  const shelf = new Shelf(you, everyone(1));
  const session = new SyncSession(shelf, { role: "responder", idsMax: 5 });
  session.receive({ kind: "hello", entry: shelf.own, summary: shelf.summary.encode() });
  const ids = encodeEntryIds([{ peer: testPeer(0), version: { epoch: 1, sequence: 0 } }]);
  expect(session.receive({ kind: "listing", ids, last: true }).refuse).toBeTypeOf("string");
});

test("whatever the messages, a session never throws and never says more than it holds", () => {
  const ids = fc
    .array(fc.tuple(fc.nat(50).map(testPeer), version))
    .map((list) => encodeEntryIds(list.map(([peer, version]) => ({ peer, version }))));
  const rows = fc
    .uniqueArray(fc.nat(255), { maxLength: 20 })
    .map((buckets) =>
      Uint8Array.from(
        buckets.sort((a, b) => a - b).flatMap((bucket) => [bucket, 1, 2, 3, 4, 5, 6, 7, 8]),
      ),
    );
  const message: fc.Arbitrary<SyncMessage> = fc.oneof(
    fc.record({
      kind: fc.constant("hello" as const),
      entry: fc.constant(new Uint8Array(100)),
      summary: rows,
    }),
    fc.record({ kind: fc.constant("listing" as const), ids, last: fc.boolean() }),
    fc.record({
      kind: fc.constant("entries" as const),
      entries: fc.array(fc.constant(new Uint8Array(100))),
      last: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(message),
      fc.constantFrom("opener" as const, "responder" as const),
      (all, role) => {
        const session = new SyncSession(new Shelf(you, everyone(30)), { role, idsMax: 100 });
        let sent = 0;
        for (const each of all) {
          if (session.receive(each).refuse !== undefined) break;
          for (let out = session.next(); out !== undefined; out = session.next()) {
            if (out.kind === "entries") sent += out.entries.length;
          }
        }
        expect(sent).toBeLessThanOrEqual(31);
      },
    ),
  );
});
