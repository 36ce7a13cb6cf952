import { type Clock, type NetworkId, networkId, silentLog } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { expect } from "vitest";
import type { Channel, Connection, Transport } from "../transport.ts";
import type { TransportBed } from "./suite.ts";
import { Tap } from "./tap.ts";

/** What the tests of the suite speak. */
export const echo = "/conformance/echo/1";
/** Never aborts. */
export const never = { signal: new AbortController().signal };

/** A transport that is started, and what its listener was told. */
export interface Node {
  readonly transport: Transport;
  /** Connections that others made. */
  readonly connected: Connection[];
  /** Channels that others opened. */
  readonly opened: { readonly connection: Connection; readonly channel: Channel }[];
}

/** Two connected nodes. */
export interface Pair {
  readonly a: Node;
  readonly b: Node;
  /** The end of `a`, which dialled. */
  readonly outbound: Connection;
  /** The end of `b`. */
  readonly inbound: Connection;
}

/** Both ends of a channel. `near` is where it was opened. */
export interface ChannelPair {
  readonly near: Channel;
  readonly far: Channel;
}

/** Both ends of a channel, each with a listener that records. */
export interface TappedPair extends ChannelPair {
  readonly nearTap: Tap;
  readonly farTap: Tap;
}

/** Makes nodes for one test, waits, and cleans up. */
export class Rig {
  readonly bed: TransportBed;
  readonly network: NetworkId = networkId("conformance");
  readonly #transports: Transport[] = [];
  readonly #taps: Tap[] = [];

  constructor(bed: TransportBed) {
    this.bed = bed;
  }

  get clock(): Clock {
    return this.bed.clock;
  }

  /** A transport that is not started. */
  async transport(): Promise<Transport> {
    const { clock, random } = this.bed;
    const identity = ed25519.identity(random.bytes(32));
    const context = { network: this.network, identity, clock, random, log: silentLog };
    const transport = await this.bed.transport(context);
    this.#transports.push(transport);
    expect(transport.peer).toBe(identity.peer);
    return transport;
  }

  /** A node that listens and serves {@link echo}. */
  async node(): Promise<Node> {
    const transport = await this.transport();
    const node: Node = { transport, connected: [], opened: [] };
    transport.serve(echo);
    await transport.start({
      connected: (connection) => void node.connected.push(connection),
      opened: (connection, channel) => void node.opened.push({ connection, channel }),
      discovered: () => {},
    });
    return node;
  }

  /** Two nodes, the first of which dialled the second. */
  async pair(): Promise<Pair> {
    const [a, b] = [await this.node(), await this.node()];
    const outbound = await this.dial(a, b);
    await this.until(() => b.connected.length === 1, "the other end is connected too");
    return { a, b, outbound, inbound: itemOf(b.connected, 0) };
  }

  /** Dials by peer and address. */
  dial(from: Node, to: Node): Promise<Connection> {
    const target = { peer: to.transport.peer, addresses: to.transport.addresses.value };
    return from.transport.dial(target, never);
  }

  /** Opens a channel to a node over a connection, and waits for its other end. */
  async open(connection: Connection, to: Node): Promise<ChannelPair> {
    const before = to.opened.length;
    const near = await connection.open(echo, never);
    await this.until(() => to.opened.length > before, "the other end has the channel");
    return { near, far: itemOf(to.opened, before).channel };
  }

  /** As `open`, with listeners at both ends. */
  async openTapped(connection: Connection, to: Node): Promise<TappedPair> {
    const { near, far } = await this.open(connection, to);
    return { near, far, nearTap: this.tap(near), farTap: this.tap(far) };
  }

  /** Listens to a channel, recording. */
  tap(channel: Channel): Tap {
    const tap = new Tap();
    channel.listen(tap);
    this.#taps.push(tap);
    return tap;
  }

  /** Waits until something holds, however the clock of the bed goes; fails after ten seconds. */
  async until(holds: () => boolean, what: string): Promise<void> {
    const endsAt = this.clock.monotonic() + untilMs;
    while (!holds()) {
      expect(this.clock.monotonic(), `it did not happen in time: ${what}`).toBeLessThan(endsAt);
      await this.pause(2);
    }
  }

  /** Lets time pass. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(ms, resolve));
  }

  /** Closes every transport. */
  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()));
  }

  /** Checks that no listener was called after its channel had ended. */
  check(): void {
    expect(this.#taps.flatMap((tap) => tap.callsAfterEnded)).toEqual([]);
  }
}

/** An item that must be there. */
export function itemOf<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index} of ${items.length}`);
  return item;
}

const untilMs = 10_000;
