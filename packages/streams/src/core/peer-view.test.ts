import type { PeerEntry } from "@mosaik/discovery";
import { digest, type NetworkId, networkId, type PeerId } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { saysTheSame, withRoundTrip } from "./peer-view.ts";
import { isMet } from "./subscription-count.ts";

function entry(changes: Partial<PeerEntry> = {}): PeerEntry {
  return {
    peer: digest("test", "peer") as PeerId, // any digest will do here
    network: networkId("test") satisfies NetworkId,
    version: { epoch: 1, sequence: 1 },
    at: 0,
    addresses: ["/memory/1"],
    tags: new Set(["a", "b"]),
    offers: new Map([["stream.producer", new Set([digest("test", "s")])]]),
    tickets: ["t"],
    ...changes,
  };
}

describe("two entries of a peer", () => {
  it("say the same where only the time and the sequence differ", () => {
    expect(saysTheSame(entry(), entry({ at: 9, version: { epoch: 1, sequence: 7 } }))).toBe(true);
    expect(saysTheSame(entry(), entry({ tags: new Set(["b", "a"]) }))).toBe(true);
  });

  it("say something else after a restart, or with other tags, addresses, tickets or offers", () => {
    const others: Partial<PeerEntry>[] = [
      { version: { epoch: 2, sequence: 1 } },
      { tags: new Set(["a"]) },
      { tags: new Set(["a", "c"]) },
      { addresses: [] },
      { tickets: ["u"] },
      { offers: new Map() },
      { offers: new Map([["stream.producer", new Set([digest("test", "x")])]]) },
      { offers: new Map([["stream.consumer", new Set([digest("test", "s")])]]) },
    ];
    for (const other of others) expect(saysTheSame(entry(), entry(other))).toBe(false);
  });
});

describe("a count of subscriptions", () => {
  const near = withRoundTrip(entry({ tags: new Set(["hub"]) }), 1);
  const far = withRoundTrip(entry({ tags: new Set(["hub", "far"]) }), 100);

  it("is one, of anybody, unless told otherwise", () => {
    expect([isMet({}, []), isMet({}, [near])]).toEqual([false, true]);
    expect(isMet({ atLeast: 0 }, [])).toBe(true);
  });

  it("counts those that have all tags and that the predicate accepts", () => {
    expect(isMet({ atLeast: 2, tags: ["hub"] }, [near, far])).toBe(true);
    expect(isMet({ atLeast: 2, tags: ["hub", "far"] }, [near, far])).toBe(false);
    expect(isMet({ where: ({ rttMs = 0 }) => rttMs > 50 }, [near])).toBe(false);
    expect(isMet({ where: ({ rttMs = 0 }) => rttMs > 50 }, [near, far])).toBe(true);
  });
});
