import type { Connection as LibConnection } from "@libp2p/interface";

/** Whether a connection goes through a relay. */
export function isRelayed({ remoteAddr }: LibConnection): boolean {
  const address = remoteAddr.toString();
  return address.includes("/p2p-circuit") && !address.includes("/webrtc");
}

/** Whether streams of a protocol belong to relays: places, and connections of others. */
export function isOfRelay(protocol: string): boolean {
  return protocol.startsWith("/libp2p/circuit/relay/");
}
