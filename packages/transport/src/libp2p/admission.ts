import type { ConnectionGater, PeerId as LibPeerId, MultiaddrConnection } from "@libp2p/interface";
import type { Libp2pSettings } from "./config.ts";

/**
 * Decides which connections may become one: so many at once, so many that have not proven yet who
 * they are, and Ed25519 keys only. All addresses are fine, private and loopback ones too.
 */
export function admission(
  settings: Libp2pSettings,
  countConnections: () => number,
  isAdmitted: (peer: LibPeerId) => boolean,
): ConnectionGater {
  const handshakes = new Set<MultiaddrConnection>(); // oldest first
  return {
    denyDialMultiaddr: () => false,
    denyInboundConnection(socket) {
      if (countConnections() >= settings.connectionsMax) return true;
      handshakes.add(socket);
      socket.addEventListener("close", () => handshakes.delete(socket), { once: true });
      for (const oldest of handshakes) {
        if (handshakes.size <= settings.handshakesMax) break;
        handshakes.delete(oldest);
        oldest.abort(new Error("too many handshakes at once"));
      }
      return false;
    },
    denyInboundEncryptedConnection: (peer) => peer.type !== "Ed25519",
    // who was admitted to the network, and nobody else, is reached through us and reaches others
    denyInboundRelayReservation: (peer) => !isAdmitted(peer),
    denyOutboundRelayedConnection: (source) => !isAdmitted(source),
    denyOutboundEncryptedConnection: (peer) => peer.type !== "Ed25519",
    denyInboundUpgradedConnection(_peer, socket) {
      handshakes.delete(socket);
      return false;
    },
  };
}
