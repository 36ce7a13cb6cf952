import type { Connection as LibConnection, Stream } from "@libp2p/interface";
import { type PeerId, type Timer, type Watch, WatchSource } from "@mosaik/primitives";
import { TransportError } from "../errors.ts";
import type {
  Connection,
  DialTarget,
  Transport,
  TransportContext,
  TransportListener,
} from "../transport.ts";
import { loopbackLast, parseAddress, withoutPeer } from "./addresses.ts";
import { addressRefreshMs, dialAddressesMax, type Libp2pSettings } from "./config.ts";
import { Libp2pConnection } from "./connection.ts";
import { dialFirst } from "./dial.ts";
import { listenFailure } from "./failures.ts";
import { createNode, type LibNode } from "./node.ts";
import { fromLibPeer, privateKeyOf, toLibPeer } from "./peers.ts";
import type { Platform, Reach } from "./platform.ts";

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
    privateKey: await privateKeyOf(identity),
    discovered: (addresses) => transport?.discovered(addresses),
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
  #listener: TransportListener | undefined;
  #refresh: Timer | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: Libp2pSettings, context: TransportContext, node: LibNode, reach: Reach) {
    this.#reach = reach;
    this.#settings = settings;
    this.#context = context;
    this.#node = node;
    this.peer = context.identity.peer;
    node.libp2p.addEventListener("connection:open", (event) => this.#connected(event.detail));
  }

  get addresses(): Watch<readonly string[]> {
    return this.#addresses;
  }

  async start(listener: TransportListener): Promise<void> {
    this.#closed.signal.throwIfAborted();
    this.#listener = listener;
    try {
      await this.#node.libp2p.start();
    } catch (error) {
      throw listenFailure(error, this.#settings.listen);
    }
    this.#refreshAddresses();
  }

  serve(protocol: string): Disposable {
    if (this.#served.has(protocol)) throw new RangeError(`${protocol} is served already`);
    this.#served.add(protocol);
    const { channelsMax } = this.#settings;
    const limits = { maxInboundStreams: channelsMax, maxOutboundStreams: channelsMax };
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
    const tail = target.peer === undefined ? "" : `/p2p/${toLibPeer(target.peer)}`;
    const connection = await dialFirst({
      addresses: dialable(target),
      signal,
      clock: this.#context.clock,
      attempt: async (address, given) => {
        const refusal = this.#reach(address, target.peer === undefined);
        if (refusal) throw new TransportError("NETWORK_UNREACHABLE", refusal);
        return this.#node.dial(tail ? withoutPeer(address) + tail : address, given);
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
      await this.#node.libp2p.stop();
    } catch (error) {
      this.#unexpected(error);
    }
    this.#addresses.close();
  }

  #connected(connection: LibConnection): void {
    if (connection.direction === "outbound") {
      this.#underway.set(connection, []);
      connection.addEventListener("close", () => this.#underway.delete(connection));
      return;
    }
    const adopted = this.#adopt(connection);
    this.#tell((listener) => listener.connected(adopted));
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
    const adopted = this.#adopt(connection);
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
    const adopted = new Libp2pConnection({ connection, peer, clock, log, channelsMax });
    this.#connections.set(connection, adopted);
    adopted.onClose(() => this.#connections.delete(connection));
    return adopted;
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
    const now = announce.length > 0 ? announce : loopbackLast(this.#node.listening());
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

/**
 * What to try of a target's addresses; those of unknown forms are passed over.
 *
 * @throws TransportError with `NETWORK_BAD_ADDRESS` where none is of a known form.
 */
function dialable(target: DialTarget): string[] {
  const addresses = new Set<string>();
  let bad: unknown;
  for (const text of target.addresses) {
    try {
      addresses.add(parseAddress(text));
    } catch (error) {
      bad ??= error;
    }
  }
  if (addresses.size === 0 && bad !== undefined) throw bad;
  return [...addresses].slice(0, dialAddressesMax);
}
