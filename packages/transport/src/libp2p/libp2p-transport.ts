import type { Connection as LibConnection, Stream } from "@libp2p/interface";
import { type PeerId, type Timer, type Watch, WatchSource } from "@mosaik/primitives";
import { pathOf } from "../core/path.ts";
import { TransportError } from "../errors.ts";
import type {
  Connection,
  DialTarget,
  ProtocolTraits,
  Transport,
  TransportContext,
  TransportListener,
} from "../transport.ts";
import { circuitOf, isWebRtcDirect, loopbackLast } from "./addresses.ts";
import { addressRefreshMs, type Libp2pSettings, unusedConnectionMs } from "./config.ts";
import { Libp2pConnection } from "./connection.ts";
import { dialFirst } from "./dial.ts";
import { listenFailure } from "./failures.ts";
import { createNode, type LibNode } from "./node.ts";
import { fromLibPeer, privateKeyOf } from "./peers.ts";
import type { Platform, Reach } from "./platform.ts";
import { Relaying } from "./relaying.ts";
import { routesTo } from "./routes.ts";
import { WebRtcDirect } from "./webrtc-direct.ts";

/** Makes a transport over a libp2p node of its own. */
export async function createLibp2pTransport(
  settings: Libp2pSettings,
  context: TransportContext,
  platform: Platform,
): Promise<Transport> {
  const { network, identity } = context;
  let transport: Libp2pTransport | undefined;
  const node = await createNode({
    settings,
    platform,
    network,
    privateKey: privateKeyOf(identity),
    discovered: (addresses) => transport?.discovered(addresses),
    isAdmitted: (peer) => transport?.isAdmitted(fromLibPeer(peer)) ?? false,
  });
  transport = new Libp2pTransport(settings, context, node, platform.reach());
  return transport;
}

class Libp2pTransport implements Transport {
  readonly peer: PeerId;
  readonly #settings: Libp2pSettings;
  readonly #context: TransportContext;
  readonly #node: LibNode;
  readonly #reach: Reach;
  readonly #addresses = new WatchSource<readonly string[]>([]);
  readonly #connections = new Map<LibConnection, Libp2pConnection>();
  /** Connections we dialled whose dialler has not had them yet, with the channels opened on them. */
  readonly #underway = new Map<LibConnection, Stream[]>();
  readonly #served = new Set<string>();
  readonly #closed = new AbortController();
  readonly #relaying: Relaying;
  readonly #webRtcDirect: WebRtcDirect;
  #listener: TransportListener | undefined;
  #refresh: Timer | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: Libp2pSettings, context: TransportContext, node: LibNode, reach: Reach) {
    this.#reach = reach;
    this.#settings = settings;
    this.#context = context;
    this.#node = node;
    this.peer = context.identity.peer;
    this.#webRtcDirect = new WebRtcDirect(node, settings);
    const { log, diagnostics } = context;
    this.#relaying = new Relaying({
      ...{ node, settings, log, diagnostics, clock: context.clock },
      candidates: () => this.#candidates(),
      isAdmitted: (peer) => this.isAdmitted(fromLibPeer(peer)),
      changed: () => this.#placesChanged(),
    });
    node.libp2p.addEventListener("connection:open", (event) => this.#connected(event.detail));
  }

  get addresses(): Watch<readonly string[]> {
    return this.#addresses;
  }

  async start(listener: TransportListener): Promise<void> {
    this.#closed.signal.throwIfAborted();
    this.#listener = listener;
    try {
      if (this.#settings.listen.some(isWebRtcDirect)) await this.#webRtcDirect.add();
      await this.#node.libp2p.start();
    } catch (error) {
      throw listenFailure(error, this.#settings.listen);
    }
    await this.#relaying.start(listener);
    this.#refreshAddresses();
  }

  serve(protocol: string, { light = false }: ProtocolTraits = {}): Disposable {
    if (this.#served.has(protocol)) throw new RangeError(`${protocol} is served already`);
    this.#served.add(protocol);
    const { channelsMax } = this.#settings;
    const limits = {
      maxInboundStreams: channelsMax,
      maxOutboundStreams: channelsMax,
      runOnLimitedConnection: light,
    };
    const { libp2p } = this.#node;
    const opened = (stream: Stream, connection: LibConnection) => this.#opened(stream, connection);
    libp2p.handle(protocol, opened, limits).catch((error) => this.#unexpected(error));
    return {
      [Symbol.dispose]: () => {
        if (!this.#served.delete(protocol)) return;
        libp2p.unhandle(protocol).catch((error) => this.#unexpected(error));
      },
    };
  }

  async dial(target: DialTarget, options: { readonly signal: AbortSignal }): Promise<Connection> {
    const signal = AbortSignal.any([options.signal, this.#closed.signal]);
    signal.throwIfAborted();
    this.#throwIfFull();
    const routes = routesTo(target);
    const connection = await dialFirst({
      addresses: [...routes.keys()],
      signal,
      clock: this.#context.clock,
      attempt: async (address, given) => {
        const circuit = circuitOf(address);
        if (circuit !== undefined) {
          return this.#relaying.dial(circuit, routes.get(address) ?? [], given);
        }
        const refusal = this.#reach(address, target.peer === undefined);
        if (refusal) throw new TransportError("NETWORK_UNREACHABLE", refusal);
        if (isWebRtcDirect(address)) await this.#webRtcDirect.add();
        return this.#node.dial(address, given);
      },
      discard: (late) => late.abort(new Error("nobody wants it any more")),
    });
    return this.#handOver(connection);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Addresses turned up on the LAN. */
  discovered(addresses: readonly string[]): void {
    this.#tell((listener) => listener.discovered(loopbackLast(addresses)));
  }

  async #close(): Promise<void> {
    this.#refresh?.cancel();
    this.#closed.abort(new TransportError("NETWORK_CLOSED", "the network is closed"));
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
    try {
      await this.#relaying.stop();
      await this.#node.libp2p.stop();
      await this.#webRtcDirect.stop();
    } catch (error) {
      this.#unexpected(error);
    }
    this.#addresses.close();
  }

  #connected(connection: LibConnection): void {
    if (connection.direction === "outbound") {
      this.#underway.set(connection, []);
      connection.addEventListener("close", () => this.#underway.delete(connection));
    } else if (pathOf(connection.remoteAddr.toString()) === "direct") this.#welcome(connection);
    else this.#awaitUse(connection);
  }

  /** Somebody connected: the owner is told, unless it was already. */
  #welcome(connection: LibConnection): Libp2pConnection {
    const known = this.#connections.get(connection);
    if (known !== undefined) return known;
    const adopted = this.#adopt(connection);
    if (adopted.direction === "inbound") this.#tell((listener) => listener.connected(adopted));
    return adopted;
  }

  /**
   * What comes through a relay may be there for libp2p alone, to arrange another connection, and
   * what was arranged may have been given up at the other end, which is not seen here: the owner is
   * told of it with the first channel.
   */
  #awaitUse(connection: LibConnection): void {
    const timer = this.#context.clock.after(unusedConnectionMs, () => {
      if (!this.#connections.has(connection)) connection.abort(new Error("nobody used it"));
    });
    connection.addEventListener("close", () => timer.cancel());
  }

  /** The dialler has the connection before it is told of channels on it. */
  #handOver(connection: LibConnection): Connection {
    const adopted = this.#adopt(connection);
    this.#context.clock.soon(() => {
      const early = this.#underway.get(connection) ?? [];
      this.#underway.delete(connection);
      for (const stream of early) this.#opened(stream, connection);
    });
    return adopted;
  }

  #opened(stream: Stream, connection: LibConnection): void {
    const early = this.#underway.get(connection);
    if (early !== undefined) return void early.push(stream);
    const adopted = this.#welcome(connection);
    const channel = adopted.adopt(stream);
    this.#tell((listener) => listener.opened(adopted, channel));
  }

  /** Our connection of libp2p's, always the same one. */
  #adopt(connection: LibConnection): Libp2pConnection {
    const known = this.#connections.get(connection);
    if (known !== undefined) return known;
    const peer = fromLibPeer(connection.remotePeer);
    const { clock, log } = this.#context;
    const { channelsMax } = this.#settings;
    const adopted = new Libp2pConnection({
      ...{ connection, peer, clock, log, channelsMax },
      hasPlace: () => this.#relaying.hasPlace(connection),
      isMakeshift: () => this.#relaying.isMakeshift(connection),
      onAdmitted: () => this.#askForPlaces(),
    });
    this.#connections.set(connection, adopted);
    adopted.onClose(() => this.#connections.delete(connection));
    return adopted;
  }

  /** Whether a peer was admitted to the network, on a connection that goes straight to it. */
  isAdmitted(peer: PeerId): boolean {
    const connections = [...this.#connections.values()];
    return connections.some((one) => one.peer === peer && one.isAdmitted && one.path !== "relay");
  }

  #askForPlaces(): void {
    this.#relaying.ask().catch((error) => this.#unexpected(error));
  }

  /** Whom this node may ask for a place: who is at the other end may be a relay. */
  #candidates(): readonly LibConnection[] {
    return [...this.#connections].flatMap(([connection, ours]) => {
      const isDirect = ours.isAdmitted && ours.path === "direct";
      return isDirect && ours.direction === "outbound" ? [connection] : [];
    });
  }

  #placesChanged(): void {
    if (this.#closed.signal.aborted) return;
    this.#refreshAddresses();
    this.#askForPlaces();
  }

  #throwIfFull(): void {
    if (this.#connections.size < this.#settings.connectionsMax) return;
    throw new TransportError(
      "NETWORK_NO_CAPACITY",
      "this node has all the connections it may have",
      {
        retryable: true,
      },
    );
  }

  #refreshAddresses(): void {
    const { announce } = this.#settings;
    const own = announce.length > 0 ? announce : loopbackLast(this.#node.listening());
    const now = [...own, ...this.#relaying.addresses];
    this.#refresh?.cancel();
    if (now.join() !== this.#addresses.value.join()) this.#addresses.set(now);
    this.#refresh = this.#context.clock.after(addressRefreshMs, () => this.#refreshAddresses());
  }

  #tell(call: (listener: TransportListener) => void): void {
    if (this.#listener === undefined) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#context.log.error("the transport's listener threw", { error });
    }
  }

  #unexpected(error: unknown): void {
    this.#context.log.warn("libp2p failed", { error });
  }
}
