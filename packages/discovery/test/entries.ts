import { type Digest, digest, encodeUtf8, networkId, type PeerId } from "@mosaik/primitives";
import type { SignedEntry } from "../src/core/peer-entry.ts";
import type { PeerEntry } from "../src/discovery.ts";

export const testNetwork = networkId("test");

/** The time that tests begin at: some moment of 2026. */
export const testNowMs = 1_770_000_000_000;

/** A peer id for tests, a different one for each number. */
export function testPeer(number: number): PeerId {
  return digest("test/peer", String(number)) as PeerId; // nobody checks that it is a public key
}

export function testDigest(name: string): Digest {
  return digest("test", name);
}

export interface TestEntryInit {
  readonly peer?: PeerId;
  readonly epoch?: number;
  readonly sequence?: number;
  readonly at?: number;
  readonly tags?: readonly string[];
  readonly offers?: Readonly<Record<string, readonly string[]>>;
  readonly network?: PeerEntry["network"];
}

export function testEntry(init: TestEntryInit = {}): PeerEntry {
  return {
    peer: init.peer ?? testPeer(1),
    network: init.network ?? testNetwork,
    version: { epoch: init.epoch ?? 1, sequence: init.sequence ?? 0 },
    at: init.at ?? testNowMs,
    addresses: ["/ip4/127.0.0.1/tcp/1"],
    tags: new Set(init.tags ?? []),
    offers: new Map(
      Object.entries(init.offers ?? {}).map(([kind, names]) => [
        kind,
        new Set(names.map(testDigest)),
      ]),
    ),
    tickets: [],
  };
}

/** An entry as it is once its signature was checked; its bytes are a text of what it says. */
export function testSigned(init: TestEntryInit & { readonly gone?: boolean } = {}): SignedEntry {
  const entry = testEntry(init);
  const gone = init.gone ?? false;
  const words = [entry.peer, entry.version, entry.at, gone, [...entry.tags], init.offers];
  return { entry, gone, bytes: encodeUtf8(JSON.stringify(words)) };
}
