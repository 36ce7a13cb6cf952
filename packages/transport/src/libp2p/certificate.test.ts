import { X509Certificate } from "node:crypto";
import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { generateCertificate } from "@libp2p/tls/utils";
import { equalBytes } from "@mosaik/primitives";
import { afterEach, describe, expect, it, vi } from "vitest";
import { peerOfCertificate } from "./certificate.ts";

async function certificateOf(key: PrivateKey): Promise<Uint8Array> {
  return new Uint8Array(new X509Certificate((await generateCertificate(key)).cert).raw);
}

afterEach(() => vi.useRealTimers());

describe("the peer of a certificate", () => {
  it.each(["Ed25519", "secp256k1", "RSA"] as const)(
    "is who made it, by a key of %s",
    async (kind) => {
      const key = await (kind === "RSA" ? generateKeyPair(kind, 2_048) : generateKeyPair(kind));
      const peer = await peerOfCertificate(await certificateOf(key), peerIdFromPrivateKey(key));
      expect(String(peer)).toBe(String(peerIdFromPrivateKey(key)));
    },
  );

  it("is nobody where a byte is changed, or where one is missing", async () => {
    const key = await generateKeyPair("Ed25519");
    const whole = await certificateOf(key);
    const changed = Array.from(whole, (byte, at) => whole.with(at, byte ^ (1 << (at % 8))));
    const cut = Array.from(whole, (_, at) => whole.slice(0, at));
    for (const raw of [...changed, ...cut, new Uint8Array(0)]) {
      await expect(peerOfCertificate(raw)).rejects.toThrow("not valid");
    }
  });

  it("is nobody where another certificate's key was signed", async () => {
    const key = await generateKeyPair("Ed25519");
    const [one, other] = [await certificateOf(key), await certificateOf(key)];
    await expect(peerOfCertificate(one)).resolves.toBeDefined();
    const [mine, theirs] = [one, other].map(extensionOf);
    if (mine === undefined || theirs === undefined) throw new Error("no extension");
    const mixed = one.slice();
    mixed.set(
      theirs,
      one.findIndex((_, at) => equalBytes(one.subarray(at, at + mine.length), mine)),
    );
    await expect(peerOfCertificate(mixed)).rejects.toThrow("not valid");
  });

  it("is refused where another was expected", async () => {
    const raw = await certificateOf(await generateKeyPair("Ed25519"));
    const other = peerIdFromPrivateKey(await generateKeyPair("Ed25519"));
    await expect(peerOfCertificate(raw, other)).rejects.toMatchObject({
      name: "UnexpectedPeerError",
    });
  });

  it("is nobody before its time, and after it", async () => {
    const raw = await certificateOf(await generateKeyPair("Ed25519"));
    const { validFrom, validTo } = new X509Certificate(raw);
    for (const [time, is] of [
      [Date.parse(validFrom) - 1, false],
      [Date.parse(validFrom), true],
      [Date.parse(validTo), true],
      [Date.parse(validTo) + 1, false],
    ] as const) {
      vi.useFakeTimers({ now: time, toFake: ["Date"] });
      expect(
        await peerOfCertificate(raw).then(
          () => true,
          () => false,
        ),
      ).toBe(is);
    }
  });
});

/** The bytes of the extension's value: a key of Ed25519, and a signature. */
function extensionOf(raw: Uint8Array): Uint8Array {
  const head = Uint8Array.of(0x30, 0x68, 0x04, 0x24, 0x08, 0x01, 0x12, 0x20);
  const at = raw.findIndex((_, from) => equalBytes(raw.subarray(from, from + head.length), head));
  return raw.slice(at, at + 0x6a);
}
