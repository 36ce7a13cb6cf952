import type { Channel, Connection, DialTarget, Transport, TransportListener } from "mosaik";
import type { Partition } from "./partition.ts";

/** A transport whose every crossing of the line goes through a {@link Partition}. */
export class PartitionedTransport implements Transport {
  readonly peer: Transport["peer"];
  readonly addresses: Transport["addresses"];
  readonly #inner: Transport;
  readonly #partition: Partition;
  readonly #connections = new WeakMap<Connection, PartitionedConnection>();

  constructor(inner: Transport, partition: Partition) {
    this.peer = inner.peer;
    this.addresses = inner.addresses;
    this.#inner = inner;
    this.#partition = partition;
  }

  start(listener: TransportListener): Promise<void> {
    const pass = (event: () => void): void => this.#partition.pass(event);
    return this.#inner.start({
      connected: (inner) => pass(() => listener.connected(this.#connection(inner))),
      opened: (inner, channel) => {
        const outer = new PartitionedChannel(channel, this.#partition);
        pass(() => listener.opened(this.#connection(inner), outer));
      },
      discovered: (addresses) => pass(() => listener.discovered(addresses)),
    });
  }

  serve(protocol: string): Disposable {
    return this.#inner.serve(protocol);
  }

  async dial(target: DialTarget, options: { readonly signal: AbortSignal }): Promise<Connection> {
    this.#partition.check();
    const inner = await this.#inner.dial(target, options);
    try {
      this.#partition.check();
    } catch (error) {
      inner.abort();
      throw error;
    }
    return this.#connection(inner);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #connection(inner: Connection): PartitionedConnection {
    const known = this.#connections.get(inner);
    if (known !== undefined) return known;
    const made = new PartitionedConnection(inner, this.#partition);
    this.#connections.set(inner, made);
    return made;
  }
}

/** A connection over the line. Ended here while it is cut, it ends at the other side on healing. */
class PartitionedConnection implements Connection {
  readonly peer: Connection["peer"];
  readonly direction: Connection["direction"];
  readonly address: string;
  readonly #inner: Connection;
  readonly #partition: Partition;
  #over = false;
  readonly #onClose: (() => void)[] = [];

  constructor(inner: Connection, partition: Partition) {
    this.peer = inner.peer;
    this.direction = inner.direction;
    this.address = inner.address;
    this.#inner = inner;
    this.#partition = partition;
    inner.onClose(() => partition.pass(() => this.#closed()));
  }

  async open(protocol: string, options: { readonly signal: AbortSignal }): Promise<Channel> {
    await this.#partition.whole(options.signal);
    const channel = await this.#inner.open(protocol, options);
    return new PartitionedChannel(channel, this.#partition);
  }

  onClose(closed: () => void): void {
    if (this.#over) closed();
    else this.#onClose.push(closed);
  }

  async close(): Promise<void> {
    if (!this.#partition.active) return this.#inner.close();
    this.#partition.pass(() => void this.#inner.close());
    this.#closed();
  }

  abort(): void {
    this.#partition.pass(() => this.#inner.abort());
    this.#closed();
  }

  #closed(): void {
    if (this.#over) return;
    this.#over = true;
    for (const closed of this.#onClose.splice(0)) closed();
  }
}

/** A channel over the line. While it is cut it is full, and what is written waits. */
class PartitionedChannel implements Channel {
  readonly protocol: string;
  readonly #inner: Channel;
  readonly #partition: Partition;
  #over = false;
  #waited = false;
  #ended: () => void = () => {};
  #drained: () => void = () => {};

  constructor(inner: Channel, partition: Partition) {
    this.protocol = inner.protocol;
    this.#inner = inner;
    this.#partition = partition;
  }

  get full(): boolean {
    if (!this.#partition.active) return this.#inner.full;
    this.#tellWhenHealed();
    return true;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#over) return true;
    if (!this.#partition.active) return this.#inner.write(bytes);
    this.#partition.pass(() => void this.#inner.write(bytes));
    this.#tellWhenHealed();
    return false;
  }

  listen(listener: Parameters<Channel["listen"]>[0]): void {
    const unlessOver = (event: () => void): void => {
      this.#partition.pass(() => {
        if (!this.#over) event();
      });
    };
    this.#ended = () => {
      if (this.#over) return;
      this.#over = true;
      listener.ended();
    };
    this.#drained = () => unlessOver(() => listener.drained());
    this.#inner.listen({
      received: (bytes) => unlessOver(() => listener.received(bytes)),
      drained: () => this.#drained(),
      ended: () => this.#partition.pass(this.#ended),
    });
  }

  end(): void {
    this.#finish(() => this.#inner.end());
  }

  abort(): void {
    this.#finish(() => this.#inner.abort());
  }

  /** Whoever saw that there was no room waits to be told that there is some again. */
  #tellWhenHealed(): void {
    if (this.#waited) return;
    this.#waited = true;
    this.#partition.pass(() => {
      this.#waited = false;
      // A channel that is full for its own reasons says by itself when it has drained.
      queueMicrotask(() => {
        if (!this.#inner.full) this.#drained();
      });
    });
  }

  /** While it is cut nobody there confirms the end, so the end is told here. */
  #finish(act: () => void): void {
    this.#partition.pass(act);
    if (this.#partition.active) queueMicrotask(() => this.#ended());
  }
}
