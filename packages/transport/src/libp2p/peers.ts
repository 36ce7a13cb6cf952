import { privateKeyFromRaw, publicKeyFromRaw } from "@libp2p/crypto/keys";
import type { PeerId as LibPeerId, PrivateKey } from "@libp2p/interface";
import { peerIdFromPublicKey } from "@libp2p/peer-id";
import {
  concatBytes,
  encodeId,
  type Identity,
  invariant,
  type PeerId,
  peerId,
} from "@mosaik/primitives";

/** libp2p's key of an identity: both halves, of which it would else work out the public one itself. */
export function privateKeyOf(identity: Identity): PrivateKey {
  return privateKeyFromRaw(concatBytes(identity.exportSecretKey(), encodeId(identity.peer)));
}

/** libp2p's name of a peer. */
export function toLibPeer(peer: PeerId): LibPeerId {
  return peerIdFromPublicKey(publicKeyFromRaw(encodeId(peer)));
}

/** Our name of a peer, whose key is an Ed25519 key: no other gets a connection. */
export function fromLibPeer(peer: LibPeerId): PeerId {
  invariant(peer.type === "Ed25519", "only peers with Ed25519 keys are connected");
  return peerId(peer.publicKey.raw);
}
