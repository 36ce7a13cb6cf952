import { X509Certificate } from "node:crypto";
import { publicKeyFromProtobuf } from "@libp2p/crypto/keys";
import { InvalidCryptoExchangeError, type PeerId, UnexpectedPeerError } from "@libp2p/interface";
import { peerIdFromCID } from "@libp2p/peer-id";
import { concatBytes, encodeUtf8 } from "@mosaik/primitives";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import { fromBER, OctetString, Sequence } from "asn1js";

/**
 * Who shows a certificate, as libp2p's TLS has it: it is signed by the key in it, and has an extension
 * in which the peer's own key has signed that key. Signatures are checked by Node's X.509: those that
 * `@libp2p/tls` checks in JavaScript cost a node several times as much, for each connection, in one turn.
 *
 * Which key the peer signed is asked of what also checked the handshake, so that the certificate cannot
 * be read as another than there.
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
const extensionId = "1.3.6.1.4.1.53594.1.1";

/** The peer's key and its signature, in the extension. */
function signedKey(raw: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const { extensions } = AsnConvert.parse(raw, Certificate).tbsCertificate;
  const extension = extensions?.find(({ extnID }) => extnID === extensionId);
  if (extension === undefined) throw new Error("no extension of libp2p");
  const { result } = fromBER(extension.extnValue.buffer);
  const [key, signature] = result instanceof Sequence ? result.valueBlock.value : [];
  if (!(key instanceof OctetString && signature instanceof OctetString)) {
    throw new Error("no key and signature in the extension of libp2p");
  }
  return [key.valueBlock.valueHexView, signature.valueBlock.valueHexView];
}
