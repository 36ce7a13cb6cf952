import { type PeerId, WatchSource } from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "../close-reason.ts";
import { TransportError } from "../errors.ts";
import type { Link, Protocol } from "../protocol.ts";
import type { ConnectionInfo } from "../service.ts";
import type { Channel, Connection, DialTarget, Transport } from "../transport.ts";
import { ControlProtocol } from "../wire.ts";
import { ConnectionHistory } from "./connection-history.ts";
import { dialInTime } from "./dial-in-time.ts";
import { listenIn } from "./listen-in.ts";
import { Loopbacks } from "./loopback.ts";
import { Moves, moveProtocol } from "./moves.ts";
import { orAborted } from "./or-aborted.ts";
import { seekBetter } from "./seek-better.ts";
import { Session } from "./session.ts";
import type { SessionEnvironment } from "./session-environment.ts";

type Accept = (session: Session, channel: Channel) => void;

/** The connections of a node: one for each peer where possible, made when one is wanted. */
export class Connections {
  readonly #transport: Transport;
  readonly #environment: SessionEnvironment;
  readonly #sessions = new Map<Connection, Session>();
  readonly #admitted = new Map<PeerId, Session[]>();
  readonly #dialling = new Map<string, Promise<Session>>();
  readonly #addresses = new Map<PeerId, readonly string[]>();
  readonly #served = new Map<string, Accept>();
  readonly #loopbacks: Loopbacks;
  readonly #lost = new Set<(peer: PeerId, reason: CloseReason) => void>();
  readonly #discovered = new Set<(addresses: readonly string[]) => void>();
  readonly #open = new WatchSource<ReadonlyMap<PeerId, ConnectionInfo>>(new Map());
  readonly #history: ConnectionHistory;
  readonly #moves: Moves;
  #closing = false;

  constructor(
    transport: Transport,
    environment: Omit<
      SessionEnvironment,
      "admitted" | "serve" | "awaitMove" | "measured" | "ended"
    >,
  ) {
    this.#transport = transport;
    this.#loopbacks = new Loopbacks(environment.local, environment.clock);
    this.#moves = new Moves(environment.clock);
    this.#environment = {
      ...environment,
      admitted: (session) => this.#addAdmitted(session),
      serve: (session, channel) => this.#serve(session, channel),
      awaitMove: (peer, token, take) => this.#moves.linkCame(peer, token, take),
      measured: (session, ms) => this.#history.measured(session, ms),
      ended: (session, reason, wasAdmitted) => this.#ended(session, reason, wasAdmitted),
    };
    this.#history = new ConnectionHistory({
      ...environment,
      admitted: () => [...this.#admitted.values()].flatMap(([first]) => first ?? []),
    });
  }

  /** The admitted connections, a peer each. */
  get open(): WatchSource<ReadonlyMap<PeerId, ConnectionInfo>> {
    return this.#open;
  }

  /** Begins to listen. */
  async start(): Promise<void> {
    this.#transport.serve(ControlProtocol.id, ControlProtocol);
    this.#transport.serve(moveProtocol);
    await this.#transport.start({
      connected: (connection) => this.#connected(connection),
      opened: (connection, channel) => {
        const session = this.#sessions.get(connection);
        if (session === undefined) channel.abort();
        else session.accept(channel);
      },
      discovered: (addresses) => {
        for (const found of [...this.#discovered]) found(addresses);
      },
      connectTo: (relay, signal) => this.#connectTo(relay, signal),
    });
  }

  setAddresses(peer: PeerId, addresses: readonly string[]): void {
    if (addresses.length === 0) this.#addresses.delete(peer);
    else this.#addresses.set(peer, addresses);
  }

  onDisconnect(lost: (peer: PeerId, reason: CloseReason) => void): Disposable {
    return listenIn(this.#lost, lost);
  }

  onDiscovered(found: (addresses: readonly string[]) => void): Disposable {
    return listenIn(this.#discovered, found);
  }

  serve<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    accept: (link: Link<Value, Reasons>) => void,
  ): Disposable {
    if (this.#served.has(protocol.id)) throw new RangeError(`${protocol.id} is served already`);
    this.#served.set(protocol.id, (session, channel) => {
      accept(session.link(protocol, channel, "inbound"));
    });
    const servingHere = this.#loopbacks.serve(protocol, accept);
    const serving = this.#transport.serve(protocol.id, protocol);
    return {
      [Symbol.dispose]: () => {
        servingHere[Symbol.dispose]();
        if (this.#served.delete(protocol.id)) serving[Symbol.dispose]();
      },
    };
  }

  async openLink<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    peer: PeerId,
    signal: AbortSignal,
  ): Promise<Link<Value, Reasons>> {
    if (peer === this.#environment.local) return this.#loopbacks.open(protocol);
    const session = await this.#toPeer(peer, signal);
    const channel = await session.connection.open(protocol.id, { signal, light: protocol.light });
    return session.link(protocol, channel, "outbound");
  }

  /** Connects to whoever is at an address. */
  async connect(address: string, signal: AbortSignal): Promise<PeerId> {
    const session = await orAborted(this.#dial(address, { addresses: [address] }), signal);
    return session.connection.peer;
  }

  /** Says goodbye to everybody, then stops listening. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(
      [...this.#sessions.values()].map((session) => session.close("going-away")),
    );
    await this.#transport.close();
    this.#open.close();
  }

  async #connectTo(relay: DialTarget, signal: AbortSignal): Promise<void> {
    const { peer, addresses } = relay;
    const isKnown = peer !== undefined && this.#admitted.has(peer);
    if (!isKnown) await orAborted(this.#dial(peer ?? addresses.join(" "), relay), signal);
  }

  async #toPeer(peer: PeerId, signal: AbortSignal): Promise<Session> {
    const known = this.#admitted.get(peer)?.[0];
    if (known !== undefined) return known;
    const addresses = this.#addresses.get(peer);
    if (addresses === undefined) {
      const message = "no address of the peer is known";
      throw new TransportError("NETWORK_UNKNOWN_PEER", message, {
        retryable: true,
        data: { peer },
      });
    }
    return orAborted(this.#dial(peer, { peer, addresses }), signal);
  }

  /**
   * Two peers that want each other often find out at the same moment: the one with the greater id
   * gives way for a while, so that there is one connection and not two.
   */
  async #giveWay(peer: PeerId | undefined): Promise<Session | undefined> {
    if (peer === undefined) return undefined;
    const { local, clock, options } = this.#environment;
    if (local > peer) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          timer.cancel();
          subscription[Symbol.dispose]();
          resolve();
        };
        const timer = clock.after(options.courtesyMs, done);
        const subscription = this.#open.subscribe((open) => {
          if (open.has(peer)) done();
        }, done);
      });
    }
    return this.#admitted.get(peer)?.[0];
  }

  /** Dials, or joins a dial to the same target that is under way. */
  #dial(target: string, to: DialTarget): Promise<Session> {
    const underWay = this.#dialling.get(target);
    if (underWay !== undefined) return underWay;
    const dial = this.#dialAndAdmit(to).finally(() => this.#dialling.delete(target));
    this.#history.dialling(target, dial); // its outcome counts as seen: nobody may be left who waits
    this.#dialling.set(target, dial);
    return dial;
  }

  async #dialAndAdmit(target: DialTarget): Promise<Session> {
    if (this.#closing) throw new TransportError("NETWORK_CLOSED", "the network is closed");
    const accepted = await this.#giveWay(target.peer);
    if (accepted !== undefined) return accepted;
    try {
      const session = this.#session(await dialInTime(this.#transport, target, this.#environment));
      await session.admitted;
      return session;
    } catch (error) {
      const other = target.peer && this.#admitted.get(target.peer)?.[0];
      if (other !== undefined) return other; // it has connected to us meanwhile
      throw error;
    }
  }

  /** Connects once more to a peer that was reached through a relay; whether it goes straight now. */
  async #connectBetter(peer: PeerId): Promise<boolean> {
    const addresses = this.#addresses.get(peer);
    const isStraight = this.#admitted.get(peer)?.[0]?.isRelayed === false;
    if (isStraight || addresses === undefined || this.#closing) return isStraight;
    try {
      const connection = await dialInTime(this.#transport, { peer, addresses }, this.#environment);
      if (connection.makeshift) {
        connection.abort();
        return false;
      }
      await this.#session(connection).admitted;
      return true;
    } catch (error) {
      this.#environment.log.debug("a peer is still reached through a relay", { peer, error });
      return false;
    }
  }

  #connected(connection: Connection): void {
    const full = this.#sessions.size >= this.#environment.options.connectionsMax;
    if (this.#closing || full) connection.abort();
    else this.#session(connection);
  }

  #session(connection: Connection): Session {
    const known = this.#sessions.get(connection);
    if (known !== undefined) return known;
    const session = new Session(connection, this.#environment);
    this.#sessions.set(connection, session);
    return session;
  }

  #addAdmitted(session: Session): void {
    const { peer } = session.connection;
    const known = this.#admitted.get(peer) ?? [];
    const relayed = session.isRelayed ? [] : known.filter(({ isRelayed }) => isRelayed);
    const others = known.filter((other) => !relayed.includes(other));
    this.#admitted.set(peer, [...others, session, ...relayed]);
    for (const other of relayed) other.giveWayTo(session);
    if (session.connection.makeshift) {
      seekBetter(session, this.#environment, () => this.#connectBetter(peer));
    }
    this.#history.opened(session);
    this.#publish();
  }

  #ended(session: Session, reason: CloseReason, wasAdmitted: boolean): void {
    this.#sessions.delete(session.connection);
    if (!wasAdmitted) {
      this.#history.refused(session, reason);
      return;
    }
    const { peer } = session.connection;
    this.#history.closed(session, reason);
    const left = (this.#admitted.get(peer) ?? []).filter((other) => other !== session);
    if (reason.name === "going-away" && reason.by === "remote" && left.length > 0) {
      this.#admitted.set(peer, left);
      return left[0]?.follow(reason); // the node goes, and all its connections with it
    }
    if (left.length > 0) this.#admitted.set(peer, left);
    else this.#admitted.delete(peer);
    this.#publish();
    if (left.length > 0) return;
    for (const lost of [...this.#lost]) lost(peer, reason);
  }

  #publish(): void {
    const infos = new Map<PeerId, ConnectionInfo>();
    for (const [peer, [first]] of this.#admitted)
      if (first !== undefined) infos.set(peer, first.info);
    this.#open.set(infos);
    this.#history.connected(infos.size);
  }

  #serve(session: Session, channel: Channel): void {
    if (channel.protocol === moveProtocol) {
      return this.#moves.channelCame(session.connection.peer, session, channel);
    }
    const accept = this.#served.get(channel.protocol);
    if (accept === undefined) return channel.abort();
    try {
      accept(session, channel);
    } catch (error) {
      this.#environment.log.error("a protocol's handler threw", { error });
      channel.abort();
    }
  }
}
