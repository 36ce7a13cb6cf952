/** How a connection goes: straight, through a relay, or straight by WebRTC, which a relay arranged. */
export type ConnectionPath = "direct" | "relay" | "webrtc";

/** How the connection to an address goes. */
export function pathOf(address: string): ConnectionPath {
  if (/\/webrtc(\/|$)/.test(address)) return "webrtc";
  return address.includes("/p2p-circuit") ? "relay" : "direct";
}
