import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { ed25519 } from "@mosaik/primitives/system";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fromLibPeer, privateKeyOf, toLibPeer } from "./peers.ts";

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

it("the key of an identity is the one that libp2p makes of its secret", () =>
  fc.assert(
    fc.asyncProperty(seeds, async (secret) => {
      const key = privateKeyOf(ed25519.identity(secret));
      expect(key.equals(await generateKeyPairFromSeed("Ed25519", secret))).toBe(true);
      const message = Uint8Array.of(1, 2, 3);
      expect(await key.publicKey.verify(message, await key.sign(message))).toBe(true);
    }),
    { numRuns: 20 },
  ));

it("a peer has one name here and one in libp2p", () => {
  const { peer } = ed25519.identity(new Uint8Array(32).fill(7));
  expect(fromLibPeer(toLibPeer(peer))).toBe(peer);
});
