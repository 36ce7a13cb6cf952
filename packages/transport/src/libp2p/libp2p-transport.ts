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
import { isLoopback, parseAddress, withoutPeer } from "./addresses.ts";
import { addressRefreshMs, dialAddressesMax, type Libp2pSettings } from "./config.ts";
import { Libp2pConnection } from "./connection.ts";
import { dialFirst } from "./dial.ts";
import { listenFailure } from "./failures.ts";
import { createNode, type LibNode } from "./node.ts";
import { fromLibPeer, privateKeyOf, toLibPeer } from "./peers.ts";

/** Makes a transport over a libp2p node of its own. */
export async function createLibp2pTransport(
  settings: Libp2pSettings,
  context: TransportContext,
): Promise<Transport> {
  const node = await createNode(settings, await privateKeyOf(context.identity));
  return new Libp2pTransport(settings, context, node);
}

class Libp2pTransport implements Transport {
  readonly peer: PeerId;
  readonly #settings: Libp2pSettings;
  readonly #context: TransportContext;
  readonly #node: LibNode;
  readonly #addresses = new WatchSource<readonly string[]>([]);
  readonly #connections = new Map<LibConnection, Libp2pConnection>();
  readonly #served = new Set<string>();
  #listener: TransportListener | undefined;
  #refresh: Timer | undefined;
  #closing: Promise<void> | undefined;

  constructor(settings: Libp2pSettings, context: TransportContext, node: LibNode) {
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
    options.signal.throwIfAborted();
    this.#throwIfFull();
    const connection = await dialFirst({
      addresses: dialable(target),
      signal: options.signal,
      clock: this.#context.clock,
      attempt: (address, signal) => this.#node.dial(address, signal),
      discard: (late) => late.abort(new Error("another address answered first")),
    });
    const adopted = this.#adopt(connection);
    if (adopted === undefined) throw new Error("unreachable: only Ed25519 keys are admitted");
    return adopted;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#refresh?.cancel();
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
    try {
      await this.#node.libp2p.stop();
    } catch (error) {
      this.#unexpected(error);
    }
    this.#addresses.close();
  }

  #connected(connection: LibConnection): void {
    if (connection.direction === "outbound") return;
    const adopted = this.#adopt(connection);
    if (adopted !== undefined) this.#tell((listener) => listener.connected(adopted));
  }

  #opened(stream: Stream, connection: LibConnection): void {
    const adopted = this.#adopt(connection);
    if (adopted === undefined) return stream.abort(new Error("not admitted"));
    const channel = adopted.adopt(stream);
    this.#tell((listener) => listener.opened(adopted, channel));
  }

  /** Our connection of libp2p's, always the same one; `undefined` where the peer's key is foreign. */
  #adopt(connection: LibConnection): Libp2pConnection | undefined {
    const known = this.#connections.get(connection);
    if (known !== undefined) return known;
    const peer = fromLibPeer(connection.remotePeer);
    if (peer === undefined) return undefined;
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
    const found = announce.length > 0 ? announce : this.#node.listening();
    const now = [...found.filter((a) => !isLoopback(a)), ...found.filter(isLoopback)];
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

/** What to dial of a target, the peer's id at the end where it is known. */
function dialable(target: DialTarget): string[] {
  const addresses: string[] = [];
  let bad: unknown;
  const tail = target.peer === undefined ? undefined : `/p2p/${toLibPeer(target.peer)}`;
  for (const text of target.addresses) {
    try {
      const address = parseAddress(text);
      addresses.push(tail === undefined ? address : withoutPeer(address) + tail);
    } catch (error) {
      bad ??= error;
    }
  }
  if (addresses.length === 0 && bad !== undefined) throw bad;
  return [...new Set(addresses)].slice(0, dialAddressesMax);
}
