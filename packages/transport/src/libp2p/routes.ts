import type { DialTarget } from "../transport.ts";
import { circuitOf, parseAddress, withoutPeer } from "./addresses.ts";
import { dialAddressesMax } from "./config.ts";
import { toLibPeer } from "./peers.ts";

/**
 * The ways to a target, one to be tried after the other: each direct address, then one for each
 * relay, by WebRTC where that is offered, with all the addresses of that relay.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS` where no address is of a known form.
 */
export function routesTo(target: DialTarget): ReadonlyMap<string, readonly string[]> {
  const direct = new Map<string, readonly string[]>();
  const relays = new Map<string, { readonly address: string; readonly bases: Set<string> }>();
  for (const address of dialable(target)) {
    const circuit = circuitOf(address);
    if (circuit === undefined) direct.set(address, []);
    else {
      const known = relays.get(circuit.relay);
      const bases = (known?.bases ?? new Set()).add(circuit.base);
      const isFirst = known === undefined || (circuit.webrtc && !circuitOf(known.address)?.webrtc);
      relays.set(circuit.relay, { address: isFirst ? address : known.address, bases });
    }
  }
  const relayed = [...relays.values()].map(({ address, bases }) => [address, [...bases]] as const);
  return new Map([...direct, ...relayed]);
}

/** A target's addresses, with the peer that must answer; those of unknown forms are passed over. */
function dialable(target: DialTarget): string[] {
  const tail = target.peer === undefined ? "" : `/p2p/${toLibPeer(target.peer)}`;
  const addresses = new Set<string>();
  let bad: unknown;
  for (const text of target.addresses) {
    try {
      const address = parseAddress(text);
      addresses.add(tail ? withoutPeer(address) + tail : address);
    } catch (error) {
      bad ??= error;
    }
  }
  if (addresses.size === 0 && bad !== undefined) throw bad;
  return [...addresses].slice(0, dialAddressesMax);
}
