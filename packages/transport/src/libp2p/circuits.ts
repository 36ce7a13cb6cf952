import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import {
  type Connection as LibConnection,
  type PeerId as LibPeerId,
  type Listener,
  start,
  stop,
  type Transport,
} from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import type { Clock, Log } from "@mosaik/primitives";
import { multiaddr } from "@multiformats/multiaddr";
import { TransportError } from "../errors.ts";
import type { DialTarget } from "../transport.ts";
import { type Circuit, isWebSocket, loopbackLast, withoutPeer } from "./addresses.ts";
import { arranged, isArranging } from "./arranged.ts";
import {
  relayAddressesMax,
  relayedLingerMs,
  relaysMax,
  webRtcLookMs,
  webRtcTimeoutMs,
} from "./config.ts";
import type { LibNode } from "./node.ts";
import { fromLibPeer } from "./peers.ts";
import type { WebRtcTransports } from "./webrtc.ts";

/** What the circuits of a node are made with. */
export interface CircuitsInit {
  readonly node: LibNode;
  readonly clock: Clock;
  readonly log: Log;
  /** Sees to an admitted connection to a relay. */
  readonly connectTo: (relay: DialTarget, signal: AbortSignal) => Promise<void>;
  /** Whether a peer is connected, not through a relay, and admitted. */
  readonly isAdmitted: (peer: LibPeerId) => boolean;
  /** Told when places at relays were given or lost. */
  readonly changed: () => void;
  /** Makes the transport of WebRTC, where there is to be one. */
  readonly makeWebRtc: WebRtcTransports["arranged"] | undefined;
}

/** The ways of a node through relays: those it takes to others, and its own places. */
export class Circuits {
  readonly #init: CircuitsInit;
  readonly #transport: Transport;
  readonly #webrtc: Transport | undefined;
  readonly #asked = new WeakSet<LibConnection>();
  readonly #makeshift = new WeakSet<LibConnection>();
  /** By relay. A listener without addresses has no place now. */
  readonly #places = new Map<string, Listener>();

  constructor(init: CircuitsInit) {
    const { components } = init.node;
    this.#init = init;
    this.#transport = circuitRelayTransport()(components);
    components.transportManager.add(this.#transport);
    // both sides of the conversion are libp2p's: its types do not show in ours
    this.#webrtc = init.makeWebRtc?.(components as never) as Transport | undefined;
    if (this.#webrtc) components.transportManager.add(this.#webrtc);
  }

  /** Where others reach this node through relays. */
  get addresses(): readonly string[] {
    const { peerId } = this.#init.node.libp2p;
    const ways = this.#webrtc === undefined ? [""] : ["/webrtc", ""];
    return [...this.#places.values()].flatMap((listener) => {
      const relayed = best(listener.getAddrs().map(String));
      return ways.flatMap((way) => relayed.map((address) => `${address}${way}/p2p/${peerId}`));
    });
  }

  async start(): Promise<void> {
    await start(this.#transport, this.#webrtc);
  }

  async stop(): Promise<void> {
    await stop(this.#webrtc, this.#transport);
  }

  /** Whether the relay at the other end of a connection keeps a place for this node. */
  hasPlace(connection: LibConnection): boolean {
    const listener = this.#places.get(connection.remotePeer.toString());
    return listener !== undefined && listener.getAddrs().length > 0;
  }

  /** Whether a connection is through a relay where WebRTC was wanted. */
  isMakeshift(connection: LibConnection): boolean {
    return this.#makeshift.has(connection);
  }

  /** Asks who is at the other end for a place, where more are wanted and it is a relay. */
  async ask(connection: LibConnection): Promise<void> {
    const had = [...this.#places.values()].filter((place) => place.getAddrs().length > 0);
    if (had.length >= relaysMax || this.#asked.has(connection)) return;
    this.#asked.add(connection);
    const relay = connection.remotePeer.toString();
    const listener = this.#places.get(relay) ?? this.#listener();
    const address = withoutPeer(connection.remoteAddr.toString());
    try {
      await listener.listen(multiaddr(`${address}/p2p/${relay}/p2p-circuit`));
      this.#places.set(relay, listener);
      this.#init.changed();
    } catch (error) {
      this.#init.log.debug("no place at a peer: it may be no relay", { relay, error });
    }
  }

  /** Connects to a peer through a relay, which may be reached at several addresses. */
  async dial(
    circuit: Circuit,
    bases: readonly string[],
    signal: AbortSignal,
  ): Promise<LibConnection> {
    const { node, connectTo } = this.#init;
    if (circuit.relay === node.libp2p.peerId.toString()) {
      const message = "this node itself is the relay, and has no connection to it";
      throw new TransportError("NETWORK_UNREACHABLE", message, { retryable: true });
    }
    const relay = fromLibPeer(peerIdFromString(circuit.relay));
    await connectTo({ peer: relay, addresses: bases }, signal);
    signal.throwIfAborted();
    const address = `${circuit.base}/p2p/${circuit.relay}/p2p-circuit/p2p/${circuit.peer}`;
    const relayed = await node.dial(address, signal);
    if (!circuit.webrtc || this.#webrtc === undefined) return relayed;
    this.#makeshift.add(relayed);
    return this.#upgrade(relayed, circuit, signal);
  }

  /**
   * Connects by WebRTC, which the ends arrange over the relayed connection. Where that fails the
   * relayed connection is the one.
   */
  async #upgrade(
    relayed: LibConnection,
    circuit: Circuit,
    signal: AbortSignal,
  ): Promise<LibConnection> {
    const { node, clock, log } = this.#init;
    const { base, relay, peer } = circuit;
    const connections = () => node.libp2p.getConnections(relayed.remotePeer);
    if (this.#givesWay(connections())) return this.#giveWay(relayed, signal);
    const address = `${base}/p2p/${relay}/p2p-circuit/webrtc/p2p/${peer}`;
    const dial = (given: AbortSignal) => node.dial(address, given);
    try {
      const straight = await arranged({ relayed, connections, signal, clock, dial });
      this.#closeLater(relayed);
      return straight;
    } catch (error) {
      log.debug("no connection by WebRTC: the relayed one stays", { peer, error });
      if (!signal.aborted) return relayed;
      relayed.abort(new Error("nobody wants it any more"));
      throw error;
    }
  }

  /** Of two that dial each other at once one gives way: who has not begun, or has the greater id. */
  #givesWay(connections: readonly LibConnection[]): boolean {
    if (isArranging(connections)) return true;
    const other = connections.find(({ direction }) => direction === "inbound");
    return other !== undefined && `${this.#init.node.libp2p.peerId}` > `${other.remotePeer}`;
  }

  /** Waits for the connection that the other end makes; without one the relayed connection stays. */
  async #giveWay(relayed: LibConnection, signal: AbortSignal): Promise<LibConnection> {
    const { clock, isAdmitted } = this.#init;
    const endsAt = clock.monotonic() + webRtcTimeoutMs;
    while (!isAdmitted(relayed.remotePeer)) {
      if (signal.aborted) relayed.abort(new Error("nobody wants it any more"));
      signal.throwIfAborted();
      if (clock.monotonic() >= endsAt) return relayed;
      await new Promise<void>((resolve) => void clock.after(webRtcLookMs, resolve));
    }
    this.#closeLater(relayed);
    throw new TransportError("NETWORK_UNREACHABLE", "it has connected to us", { retryable: true });
  }

  /** The other end may still have something to say about the connection that was arranged. */
  #closeLater(relayed: LibConnection): void {
    const close = (): void => void relayed.close().catch((error) => relayed.abort(error));
    const timer = this.#init.clock.after(relayedLingerMs, close);
    relayed.addEventListener("close", () => timer.cancel());
  }

  #listener(): Listener {
    const { upgrader } = this.#init.node.components;
    const listener = this.#transport.createListener({ upgrader });
    listener.addEventListener("listening", () => this.#init.changed());
    return listener;
  }
}

/** Some of the addresses of a relay: those first that every peer can dial. */
function best(addresses: readonly string[]): readonly string[] {
  const ordered = loopbackLast([...new Set(addresses)]);
  const webSockets = ordered.filter(isWebSocket);
  const others = ordered.filter((address) => !isWebSocket(address));
  return [...webSockets, ...others].slice(0, relayAddressesMax);
}
