import { X509Certificate } from "node:crypto";
import { publicKeyFromProtobuf } from "@libp2p/crypto/keys";
import { InvalidCryptoExchangeError, type PeerId, UnexpectedPeerError } from "@libp2p/interface";
import { peerIdFromCID } from "@libp2p/peer-id";
import { concatBytes, encodeUtf8, equalBytes } from "@mosaik/primitives";

/**
 * Who shows a certificate, as libp2p's TLS has it: it is signed by the key in it, and has an extension
 * in which the peer's own key has signed that key. With the X.509 of Node: that which `@libp2p/tls` takes,
 * in JavaScript, costs a node several times as much, for each connection, in one turn.
 *
 * Which key the peer signed is asked of what also checked the handshake: no reading of the certificate
 * here can be another than there.
 *
 * @throws `InvalidCryptoExchangeError` where it is not valid, `UnexpectedPeerError` where it is another's.
 */
export async function peerOfCertificate(raw: Uint8Array, expected?: PeerId): Promise<PeerId> {
  const peer = await proven(raw).catch((error: unknown) => {
    throw new InvalidCryptoExchangeError(`a certificate is not valid: ${String(error)}`);
  });
  if (expected !== undefined && !expected.equals(peer)) throw new UnexpectedPeerError();
  return peer;
}

async function proven(raw: Uint8Array): Promise<PeerId> {
  const certificate = new X509Certificate(raw);
  const now = Date.now();
  const isTimely =
    Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
  if (!isTimely) throw new Error("not now");
  const isOwn = certificate.issuer === certificate.subject;
  if (!isOwn || !certificate.verify(certificate.publicKey)) throw new Error("not signed by itself");
  const [key, signature] = signedKey(raw);
  const ofPeer = publicKeyFromProtobuf(key);
  const shown = certificate.publicKey.export({ type: "spki", format: "der" });
  if (!(await ofPeer.verify(concatBytes(signedPrefix, shown), signature))) {
    throw new Error("not signed by the peer");
  }
  return peerIdFromCID(ofPeer.toCID());
}

const signedPrefix = encodeUtf8("libp2p-tls-handshake:");
/** 1.3.6.1.4.1.53594.1.1 */
const extensionId = Uint8Array.of(0x2b, 6, 1, 4, 1, 0x83, 0xa2, 0x5a, 1, 1);

const tags = { octets: 0x04, id: 0x06, sequence: 0x30, extensions: 0xa3 } as const;

/** The peer's key and its signature, in the extension. */
function signedKey(raw: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const toBeSigned = contentOf(contentOf(raw, tags.sequence), tags.sequence);
  const extensions = elements(toBeSigned).find(({ tag }) => tag === tags.extensions);
  if (extensions === undefined) throw new Error("no extensions");
  for (const { content } of elements(contentOf(extensions.content, tags.sequence))) {
    const [id, ...rest] = elements(content);
    const value = rest.at(-1);
    if (id?.tag !== tags.id || !equalBytes(id.content, extensionId)) continue;
    if (value?.tag !== tags.octets) break;
    const [key, signature] = elements(contentOf(value.content, tags.sequence));
    if (key?.tag !== tags.octets || signature?.tag !== tags.octets) break;
    return [key.content, signature.content];
  }
  throw new Error("no extension of libp2p");
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** What is in the first of some elements, which is of that kind. */
function contentOf(der: Uint8Array, tag: number): Uint8Array {
  const [first] = elements(der);
  if (first?.tag !== tag) throw new Error("not what is expected");
  return first.content;
}

/** The elements of DER, side by side. */
function elements(der: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < der.byteLength; ) {
    const tag = der[at++] ?? 0;
    let length = der[at++] ?? der.byteLength;
    if (length >= 0x80) {
      const bytes = der.subarray(at, at + length - 0x80);
      at += bytes.byteLength;
      length = bytes.reduce((sum, byte) => sum * 0x100 + byte, 0);
    }
    if (at + length > der.byteLength) throw new Error("cut off");
    found.push({ tag, content: der.subarray(at, at + length) });
    at += length;
  }
  return found;
}
