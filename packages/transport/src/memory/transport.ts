import { type PeerId, type Watch, WatchSource } from "@mosaik/primitives";
import { TransportError } from "../errors.ts";
import type {
  Connection,
  DialTarget,
  Transport,
  TransportContext,
  TransportListener,
} from "../transport.ts";
import type { MemoryChannel } from "./channel.ts";
import { connectionsMax } from "./config.ts";
import { type ConnectionOwner, MemoryConnection } from "./connection.ts";
import type { Links } from "./links.ts";

/** What a transport needs of the memory network. */
export interface Registry {
  readonly links: Links;
  /** Who listens at an address. */
  at(address: string): MemoryTransport | undefined;
  /** An address at which nobody listens. */
  freshAddress(): string;
  /** Takes an address. Returns whether it was free. */
  add(address: string, transport: MemoryTransport): boolean;
  /** Frees an address, where the transport has it. */
  remove(address: string, transport: MemoryTransport): void;
}

/** A transport of a memory network. */
export class MemoryTransport implements Transport, ConnectionOwner {
  readonly peer: PeerId;
  readonly #registry: Registry;
  readonly #address: string;
  readonly #addresses = new WatchSource<readonly string[]>([]);
  readonly #served = new Map<string, number>();
  readonly #connections = new Set<MemoryConnection>();
  #listener: TransportListener | undefined;
  #closed: Promise<void> | undefined;

  constructor(registry: Registry, context: TransportContext, address: string) {
    this.#registry = registry;
    this.#address = address;
    this.peer = context.identity.peer;
  }

  get addresses(): Watch<readonly string[]> {
    return this.#addresses;
  }

  async start(listener: TransportListener): Promise<void> {
    if (this.#closed !== undefined) throw transportClosed();
    if (!this.#registry.add(this.#address, this)) {
      throw new TransportError("NETWORK_LISTEN_FAILED", `${this.#address} is taken`);
    }
    this.#listener = listener;
    this.#addresses.set([this.#address]);
  }

  serve(protocol: string): Disposable {
    this.#served.set(protocol, (this.#served.get(protocol) ?? 0) + 1);
    let serving = true;
    return {
      [Symbol.dispose]: () => {
        if (!serving) return;
        serving = false;
        this.#served.set(protocol, (this.#served.get(protocol) ?? 0) - 1);
      },
    };
  }

  async dial(target: DialTarget, options: { readonly signal: AbortSignal }): Promise<Connection> {
    const attempts: Attempt[] = [];
    for (const address of target.addresses) {
      options.signal.throwIfAborted();
      if (this.#closed !== undefined) throw transportClosed();
      const outcome = await this.#attempt(address, target.peer, options.signal);
      if (typeof outcome !== "string") return outcome;
      attempts.push({ address, reason: outcome });
    }
    options.signal.throwIfAborted();
    throw this.#closed === undefined ? dialFailed(attempts) : transportClosed();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** As when the process dies: no listener is called any more. */
  vanish(): void {
    this.#closed ??= Promise.resolve();
    this.#listener = undefined;
    this.#registry.remove(this.#address, this);
    for (const connection of this.#connections) connection.vanish();
    this.#connections.clear();
  }

  refusal(expected: PeerId | undefined): string | undefined {
    const { links } = this.#registry;
    if (this.#closed !== undefined) return nobodyListens;
    if (links.happens(links.conditions.connectFailure)) return "the connection failed";
    if (expected !== undefined && expected !== this.peer) return "another peer is there";
    if (this.#connections.size >= connectionsMax) return "the peer takes no more connections";
    return undefined;
  }

  connected(connection: MemoryConnection): void {
    this.#connections.add(connection);
    this.#listener?.connected(connection);
  }

  serves(protocol: string): boolean {
    return this.#listener !== undefined && (this.#served.get(protocol) ?? 0) > 0;
  }

  opened(connection: MemoryConnection, channel: MemoryChannel): void {
    this.#listener?.opened(connection, channel);
  }

  ended(connection: MemoryConnection): void {
    this.#connections.delete(connection);
  }

  /** Tries one address. Returns the connection, or why there is none. */
  async #attempt(
    address: string,
    expected: PeerId | undefined,
    signal: AbortSignal,
  ): Promise<MemoryConnection | string> {
    if (!isMemoryAddress(address)) return badAddress;
    if (this.#connections.size >= connectionsMax) return "no more connections are to be had here";
    const there = this.#registry.at(address);
    if (there === undefined) return nobodyListens;
    if (there === this) return "it is our own address";
    const connection = this.#join(there, address);
    this.#connections.add(connection);
    return (await connection.connect(expected, signal)) ?? connection;
  }

  /** Makes both ends of a connection that is to be asked for. */
  #join(there: MemoryTransport, address: string): MemoryConnection {
    const { links } = this.#registry;
    const inbound: MemoryConnection = new MemoryConnection(
      {
        links,
        owner: there,
        peer: this.peer,
        direction: "inbound",
        address: this.#registry.freshAddress(), // as a port of TCP that nobody listens on
      },
      () => outbound,
    );
    const outbound: MemoryConnection = new MemoryConnection(
      { links, owner: this, peer: there.peer, direction: "outbound", address },
      () => inbound,
    );
    return outbound;
  }

  async #close(): Promise<void> {
    this.#registry.remove(this.#address, this);
    this.#addresses.close();
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }
}

/** Whether a text has the form of an address of a memory network: `/memory/7`. */
export function isMemoryAddress(address: string): boolean {
  return /^\/memory\/\d{1,15}$/.test(address);
}

interface Attempt {
  readonly address: string;
  readonly reason: string;
}

const nobodyListens = "nobody listens there";
const badAddress = "it is no address of a memory network";

function dialFailed(attempts: readonly Attempt[]): TransportError {
  const [first] = attempts;
  if (first !== undefined && attempts.every(({ reason }) => reason === badAddress)) {
    const { address } = first;
    return new TransportError("NETWORK_BAD_ADDRESS", `'${address}': ${badAddress}`, {
      data: { address },
    });
  }
  const reasons = attempts.map(({ address, reason }) => `${address}: ${reason}`).join("; ");
  return new TransportError("NETWORK_UNREACHABLE", `no address answered (${reasons})`, {
    retryable: true,
    data: { attempts },
  });
}

function transportClosed(): TransportError {
  return new TransportError("NETWORK_CLOSED", "the transport is closed");
}
