import "reflect-metadata"; // @peculiar/x509 cannot be loaded without it

import { X509CertificateGenerator } from "@peculiar/x509";

/** A key and a certificate signed by itself, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Makes a certificate for this run: the same kind as libp2p's TLS uses, so the ciphers are equal. */
export async function makeCertificate(): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    keys,
    signingAlgorithm: algorithm,
    notAfter: new Date("2100-01-01"),
  });
  const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const lines = key.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString("pem"),
  };
}
