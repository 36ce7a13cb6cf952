import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CauseKind, causeKinds } from "./cause.ts";
import type { Side } from "./side.ts";
import { whyApart } from "./why-apart.ts";

const address = (peer: string) => `/ip4/10.0.0.${peer === "one" ? 1 : 2}/tcp/4180`;

function entry(peer: string) {
  const version = { epoch: 1, sequence: 1 };
  return {
    tags: [],
    addresses: [address(peer)],
    offers: {},
    tickets: 0,
    version,
    signedAt: 0,
    ageMs: 0,
  };
}

/** A node that is well and has heard of the other. */
function side(peer: "one" | "two", differs: Partial<Side> = {}): Side {
  const other = peer === "one" ? "two" : "one";
  return {
    peer,
    readAt: 1_000_000,
    node: {
      network: "weather",
      peer,
      tags: [],
      seeds: [],
      addresses: [address(peer)],
      services: [],
      packages: {},
      runtime: "test",
      now: 1_000_000,
      startedAt: 0,
    },
    connections: {},
    dials: {},
    refusals: [],
    catalog: {
      me: entry(peer),
      peers: { [other]: entry(other) },
      size: 1,
      neighbours: [],
      refused: {},
    },
    streams: { produced: {}, consumed: {} },
    ...differs,
  };
}

const node = (differs: object): Partial<Side> => ({
  node: { ...(side("one").node as NonNullable<Side["node"]>), ...differs },
});
const failed = (target: string, code: string, tried?: { address: string; reason: string }[]) => ({
  dials: {
    [target]: [{ at: 5, tookMs: 1, ok: false, code, reason: "r", ...(tried ? { tried } : {}) }],
  },
});
const refusal = (reason: string) => ({
  refusals: [{ at: 5, peer: "one", address: "x", reason }],
});
const identity = {
  name: "reading",
  stream: "s1",
  codec: "json/1",
  version: 1,
  sensitive: false,
  online: true,
};
const consuming = (differs: object = {}): Partial<Side> => ({
  streams: {
    produced: {},
    consumed: {
      1: { ...identity, items: 0, bytes: 0, gaps: 0, producers: {}, refusals: {}, ...differs },
    },
  },
});
const producing = (differs: object = {}): Partial<Side> => ({
  streams: {
    produced: {
      s1: {
        ...identity,
        incarnation: "1",
        sequence: 0,
        lag: { policy: "disconnect", itemsMax: 1, bytesMax: 1 },
        consumers: {},
        refused: {},
        ...differs,
      },
    },
    consumed: {},
  },
});
const connection = {
  connections: {
    two: { direction: "outbound", address: "x", path: "relay", rttMs: 20, since: 0, protocols: {} },
  },
} as const;
const stranger = { catalog: { me: entry("one"), peers: {}, size: 0, neighbours: [], refused: {} } };
const tried = [{ address: "/ip4/10.0.0.2/tcp/4180", reason: "connection refused" }];

const cases: readonly (readonly [
  kind: CauseKind,
  what: string,
  one: Partial<Side>,
  two: Partial<Side>,
  words: RegExp,
])[] = [
  ["connected", "a connection", connection, {}, /through a relay, with 20 ms/],
  [
    "different-network",
    "two names",
    {},
    node({ network: "whether", peer: "two" }),
    /'weather'.*'whether'/,
  ],
  [
    "different-network",
    "a dial",
    failed("10.0.0.2:4180", "NETWORK_DIFFERENT"),
    {},
    /different names/,
  ],
  ["different-network", "a refusal", {}, refusal("different-network"), /different names/],
  ["wrong-secret", "a dial", failed("two", "NETWORK_WRONG_SECRET"), {}, /same secret/],
  ["wrong-secret", "a refusal", {}, refusal("wrong-secret"), /same secret/],
  ["incompatible", "a dial", failed("two", "NETWORK_INCOMPATIBLE"), {}, /versions/],
  ["no-capacity", "a dial", failed("two", "NETWORK_NO_CAPACITY"), {}, /as many connections/],
  [
    "refused-by-predicate",
    "the producer's predicate",
    consuming({ refusals: { two: "not-allowed" } }),
    producing({ refused: { one: { at: 1, reason: "not-allowed" } } }),
    /'reading': the producer's `accept`/,
  ],
  [
    "refused-by-predicate",
    "the consumer's",
    consuming({ refusals: { two: "not-wanted" } }),
    producing(),
    /`from`/,
  ],
  [
    "incompatible-stream",
    "versions",
    consuming({ version: 2 }),
    producing(),
    /version 2.*version 1/,
  ],
  [
    "too-slow",
    "a slow consumer",
    consuming({ refusals: { two: "too-slow" } }),
    producing(),
    /behind/,
  ],
  ["clock", "an hour", stranger, node({ now: 4_600_000 }), /3600 s apart/],
  [
    "clock",
    "entries of the future",
    { catalog: { ...stranger.catalog, refused: { DISCOVERY_ENTRY_FUTURE: 3 } }, ...node({}) },
    { catalog: undefined as never, node: undefined as never },
    /refused 3 entries/,
  ],
  ["unreachable", "a dial", failed("two", "NETWORK_UNREACHABLE", tried), {}, /connection refused/],
  [
    "no-address",
    "two pages",
    node({ addresses: [] }),
    node({ addresses: [], peer: "two" }),
    /neither listens/,
  ],
  ["unknown-peer", "a lonely node", stranger, {}, /nobody at all/],
  [
    "connection-lost",
    "an old connection",
    { dials: { two: [{ at: 1, tookMs: 1, ok: true }] } },
    {},
    /no longer are/,
  ],
  ["nothing-wanted", "nothing to do", {}, {}, /neither wants a link/],
  [
    "cannot-look",
    "a shut door",
    {},
    { catalog: undefined as never, node: undefined as never },
    /does not let us/,
  ],
];

describe("why two nodes are apart", () => {
  it.each(cases)("%s: %s", (kind, _what, one, two, words) => {
    const [first] = whyApart(side("one", one), side("two", two));
    expect(first).toMatchObject({ kind, text: expect.stringMatching(words) });
    const [mirrored] = whyApart(side("two", two), side("one", one));
    expect(mirrored?.kind).toBe(kind);
  });

  it("covers every kind of cause", () => {
    expect(new Set(cases.map(([kind]) => kind))).toEqual(new Set(causeKinds));
  });

  it("names the stream that does not flow though they are connected, before the connection", () => {
    const one = side("one", { ...connection, ...consuming({ refusals: { two: "not-allowed" } }) });
    const kinds = whyApart(one, side("two", producing())).map(({ kind }) => kind);
    expect(kinds).toEqual(["refused-by-predicate", "connected"]);
    const other = whyApart(one, side("two", producing()), "s2").map(({ kind }) => kind);
    expect(other).toEqual(["connected"]);
  });

  it("says nothing of a dial that was made good since", () => {
    const { dials } = failed("two", "NETWORK_UNREACHABLE", tried);
    const since = {
      dials: { two: [...Object.values(dials).flat(), { at: 9, tookMs: 1, ok: true }] },
    };
    expect(whyApart(side("one", since), side("two"))[0]?.kind).toBe("connection-lost");
  });

  it("always has an answer, in order, whatever is known", () => {
    const known = fc.constantFrom(...cases.flatMap(([, , one, two]) => [one, two]));
    fc.assert(
      fc.property(known, known, known, (a, b, c) => {
        const causes = whyApart(side("one", { ...a, ...b }), side("two", c));
        expect(causes.length).toBeGreaterThan(0);
        const ranks = causes.filter(({ kind }) => kind !== "connected");
        const certain = ranks.map(({ certainty }) => certainty).join(" ");
        expect(certain).not.toMatch(/likely.*certain/);
      }),
    );
  });
});
