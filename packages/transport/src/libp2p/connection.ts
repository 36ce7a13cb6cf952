import type { Connection as LibConnection, Stream } from "@libp2p/interface";
import type { Clock, Log, PeerId } from "@mosaik/primitives";
import { type ConnectionPath, pathOf } from "../core/path.ts";
import type { Channel, Connection, ProtocolTraits } from "../transport.ts";
import { withoutPeer } from "./addresses.ts";
import { Libp2pChannel } from "./channel.ts";
import { connectionCloseTimeoutMs } from "./config.ts";
import { openFailure } from "./failures.ts";

/** What a connection is made of. */
export interface Libp2pConnectionInit {
  readonly connection: LibConnection;
  readonly peer: PeerId;
  readonly clock: Clock;
  readonly log: Log;
  readonly channelsMax: number;
  /** Whether this node has a place at the relay at the other end. */
  readonly hasPlace: () => boolean;
  /** Whether it is through a relay where WebRTC was wanted. */
  readonly isMakeshift: () => boolean;
  /** Told once, when the other end was admitted. */
  readonly onAdmitted: (connection: Libp2pConnection) => void;
}

/** Streams of relays: places, and connections of others. */
const circuits = "/libp2p/circuit/relay/";

/** A connection over a libp2p connection. */
export class Libp2pConnection implements Connection {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly address: string;
  readonly #init: Libp2pConnectionInit;
  readonly #connection: LibConnection;
  readonly #channels = new Set<Libp2pChannel>();
  readonly #onClose: (() => void)[] = [];
  #over = false;
  #isAdmitted = false;
  #closing: Promise<void> | undefined;
  #emptied: (() => void) | undefined;

  constructor(init: Libp2pConnectionInit) {
    this.#init = init;
    this.#connection = init.connection;
    this.peer = init.peer;
    this.direction = init.connection.direction;
    this.address = withoutPeer(init.connection.remoteAddr.toString());
    this.#connection.addEventListener("close", () => this.#closed(), { once: true });
    if (this.#connection.status !== "open") this.#closed();
  }

  /** Whether the other end is of our network. */
  get isAdmitted(): boolean {
    return this.#isAdmitted && !this.#over;
  }

  get path(): ConnectionPath {
    return pathOf(this.#connection.remoteAddr.toString());
  }

  get inUse(): boolean {
    const { hasPlace } = this.#init;
    return (
      hasPlace() || this.#connection.streams.some(({ protocol }) => protocol.startsWith(circuits))
    );
  }

  get makeshift(): boolean {
    return this.#init.isMakeshift();
  }

  admitted(): void {
    this.#isAdmitted = true;
    this.#init.onAdmitted(this);
  }

  async open(
    protocol: string,
    options: ProtocolTraits & { readonly signal: AbortSignal },
  ): Promise<Channel> {
    options.signal.throwIfAborted();
    try {
      const stream = await this.#connection.newStream(protocol, {
        signal: options.signal,
        runOnLimitedConnection: options.light ?? false,
        maxOutboundStreams: this.#init.channelsMax,
      });
      return this.adopt(stream);
    } catch (error) {
      options.signal.throwIfAborted();
      throw openFailure(error, protocol, !this.#over && this.#connection.status === "open");
    }
  }

  /** The channel of a stream of this connection. */
  adopt(stream: Stream): Channel {
    const channel = new Libp2pChannel({
      stream,
      clock: this.#init.clock,
      log: this.#init.log,
      onGone: (gone) => {
        this.#channels.delete(gone);
        if (this.#channels.size === 0) this.#emptied?.();
      },
    });
    if (stream.status === "open" || stream.status === "closing") this.#channels.add(channel);
    return channel;
  }

  onClose(closed: () => void): void {
    if (this.#over) closed();
    else this.#onClose.push(closed);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeInOrder();
    return this.#closing;
  }

  abort(): void {
    this.#connection.abort(new Error("aborted"));
    this.#closed();
  }

  /** A channel is gone when the other end has confirmed its end, so it has all that was sent. */
  async #closeInOrder(): Promise<void> {
    if (this.#over) return;
    const cut = this.#init.clock.after(connectionCloseTimeoutMs, () => this.abort());
    try {
      const emptied = new Promise<void>((resolve) => {
        this.#emptied = resolve;
        this.onClose(resolve);
      });
      for (const channel of [...this.#channels]) channel.end();
      if (this.#channels.size > 0) await emptied;
      if (!this.#over) await this.#connection.close();
    } catch {
      this.abort();
    } finally {
      cut.cancel();
      this.#closed();
    }
  }

  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    for (const channel of [...this.#channels]) channel.abort();
    for (const closed of this.#onClose.splice(0)) {
      try {
        closed();
      } catch (error) {
        this.#init.log.error("a connection's listener threw", { peer: this.peer, error });
      }
    }
  }
}
