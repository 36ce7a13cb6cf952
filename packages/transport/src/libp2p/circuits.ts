import { circuitRelayTransport } from "@libp2p/circuit-relay-v2";
import { type Connection as LibConnection, type Listener, start, stop } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import type { Log } from "@mosaik/primitives";
import { multiaddr } from "@multiformats/multiaddr";
import { TransportError } from "../errors.ts";
import type { DialTarget } from "../transport.ts";
import { type Circuit, isWebSocket, loopbackLast, withoutPeer } from "./addresses.ts";
import { relayAddressesMax, relaysMax } from "./config.ts";
import type { LibNode } from "./node.ts";
import { fromLibPeer } from "./peers.ts";

/** What the circuits of a node are made with. */
export interface CircuitsInit {
  readonly node: LibNode;
  readonly log: Log;
  /** Sees to an admitted connection to a relay. */
  readonly connectTo: (relay: DialTarget, signal: AbortSignal) => Promise<void>;
  /** Told when places at relays were given or lost. */
  readonly changed: () => void;
}

/** The ways of a node through relays: those it takes to others, and its own places. */
export class Circuits {
  readonly #init: CircuitsInit;
  readonly #transport: ReturnType<ReturnType<typeof circuitRelayTransport>>;
  readonly #asked = new WeakSet<LibConnection>();
  /** By relay. A listener without addresses has no place now. */
  readonly #places = new Map<string, Listener>();

  constructor(init: CircuitsInit) {
    const { components } = init.node;
    this.#init = init;
    this.#transport = circuitRelayTransport()(components);
    components.transportManager.add(this.#transport);
  }

  /** Where others reach this node through relays. */
  get addresses(): readonly string[] {
    const { peerId } = this.#init.node.libp2p;
    return [...this.#places.values()].flatMap((listener) =>
      best(listener.getAddrs().map(String)).map((address) => `${address}/p2p/${peerId}`),
    );
  }

  async start(): Promise<void> {
    await start(this.#transport);
  }

  async stop(): Promise<void> {
    await stop(this.#transport);
  }

  /** Whether the relay at the other end of a connection keeps a place for this node. */
  hasPlace(connection: LibConnection): boolean {
    const listener = this.#places.get(connection.remotePeer.toString());
    return listener !== undefined && listener.getAddrs().length > 0;
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
    return node.dial(address, signal);
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
