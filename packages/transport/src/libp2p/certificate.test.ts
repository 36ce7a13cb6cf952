import { sign, X509Certificate } from "node:crypto";
import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { generateCertificate } from "@libp2p/tls/utils";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
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

  it("is nobody where the peer signed another certificate's key", async () => {
    const key = await generateKeyPair("Ed25519");
    const [mine, theirs] = [await generateCertificate(key), await generateCertificate(key)];
    await expect(peerOfCertificate(withExtensionsOf(mine, mine))).resolves.toBeDefined();
    await expect(peerOfCertificate(withExtensionsOf(mine, theirs))).rejects.toThrow(
      "not signed by the peer",
    );
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

/** A certificate with the extensions of another, signed by its own key as it should be. */
function withExtensionsOf(own: { cert: string; key: string }, other: { cert: string }): Uint8Array {
  const [certificate, { tbsCertificate }] = [own.cert, other.cert].map((pem) =>
    AsnConvert.parse(new X509Certificate(pem).raw, Certificate),
  ) as [Certificate, Certificate];
  const changed = certificate.tbsCertificate;
  if (tbsCertificate.extensions) changed.extensions = tbsCertificate.extensions;
  const signed = new Uint8Array(AsnConvert.serialize(changed));
  certificate.tbsCertificateRaw = signed.slice().buffer;
  certificate.signatureValue = new Uint8Array(sign("sha256", signed, own.key)).buffer;
  return new Uint8Array(AsnConvert.serialize(certificate));
}
