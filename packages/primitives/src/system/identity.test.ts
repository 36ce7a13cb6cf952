import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeHex, encodeHex } from "../bytes.ts";
import type { PeerId } from "../ids.ts";
import { ed25519 as browser } from "./browser.ts";
import { ed25519 as node } from "./node.ts";

// RFC 8032, section 7.1.
const vectors = [
  {
    secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    peer: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    peer: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

describe.each([
  ["node:crypto", node],
  ["noble", browser],
])("Ed25519 by %s", (_name, ed25519) => {
  it("makes the keys and signatures of the standard", () => {
    for (const { secret, peer, message, signature } of vectors) {
      const identity = ed25519.identity(decodeHex(secret));
      expect(identity.peer).toBe(peer);
      expect(encodeHex(identity.sign(decodeHex(message)))).toBe(signature);
      expect(encodeHex(identity.exportSecretKey())).toBe(secret);
      expect(ed25519.verify(identity.peer, decodeHex(message), decodeHex(signature))).toBe(true);
    }
  });

  it("refuses a secret key of another length", () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => ed25519.identity(new Uint8Array(length))).toThrow(RangeError);
    }
  });

  it("keeps its secret key to itself", () => {
    const secret = new Uint8Array(32).fill(1);
    const identity = ed25519.identity(secret);
    secret.fill(0);
    identity.exportSecretKey().fill(0);
    expect(identity.exportSecretKey()).toEqual(new Uint8Array(32).fill(1));
  });

  it("calls a signature wrong and never throws, whatever the key, bytes and signature", () => {
    const { peer, signature } = vectors[0] ?? { peer: "", signature: "" };
    const right = decodeHex(signature);
    const peers = [
      "",
      "zz",
      peer.toUpperCase(),
      peer.slice(2),
      `${peer}00`,
      "ff".repeat(32),
      "00".repeat(32),
    ];
    for (const bad of peers)
      expect(ed25519.verify(bad as PeerId, new Uint8Array(), right)).toBe(false);
    for (const length of [0, 1, 63, 65, 128]) {
      expect(ed25519.verify(peer as PeerId, new Uint8Array(), new Uint8Array(length))).toBe(false);
    }
  });

  it("calls every signature by a key of small order wrong", () => {
    const small = [
      `01${"00".repeat(31)}`,
      `01${"00".repeat(30)}80`,
      "00".repeat(32),
      `ec${"ff".repeat(30)}7f`,
      `ed${"ff".repeat(30)}7f`,
      `ee${"ff".repeat(30)}7f`,
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ];
    for (const peer of small) {
      for (const point of small) {
        const signature = decodeHex(point + "00".repeat(32));
        expect(ed25519.verify(peer as PeerId, Uint8Array.of(1), signature)).toBe(false);
      }
    }
  });
});

describe("the two implementations", () => {
  const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it("make the same keys and signatures, and take each other's", () => {
    fc.assert(
      fc.property(secrets, fc.uint8Array(), (secret, bytes) => {
        const [ours, theirs] = [node.identity(secret), browser.identity(secret)];
        const signature = ours.sign(bytes);
        expect(theirs.peer).toBe(ours.peer);
        expect(theirs.sign(bytes)).toEqual(signature);
        expect(node.verify(theirs.peer, bytes, signature)).toBe(true);
        expect(browser.verify(ours.peer, bytes, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("agree about every signature with a bit changed", () => {
    const identity = node.identity(new Uint8Array(32).fill(3));
    const bytes = Uint8Array.of(1, 2, 3);
    const signature = identity.sign(bytes);
    for (let bit = 0; bit < 512; bit += 3) {
      const changed = Uint8Array.from(signature);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(node.verify(identity.peer, bytes, changed)).toBe(false);
      expect(browser.verify(identity.peer, bytes, changed)).toBe(false);
    }
  });
});
