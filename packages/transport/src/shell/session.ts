import type { Timer } from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "../close-reason.ts";
import { linkCloseTimeoutMs } from "../config.ts";
import { closeReason } from "../core/close-frame.ts";
import { Handshake, type HandshakeStep } from "../core/handshake.ts";
import { Liveness } from "../core/liveness.ts";
import { pathOf } from "../core/path.ts";
import { RoundTrip } from "../core/round-trip.ts";
import { TransportError } from "../errors.ts";
import type { Link, Protocol } from "../protocol.ts";
import type { ConnectionInfo } from "../service.ts";
import type { Channel, Connection } from "../transport.ts";
import { type ControlMessage, ControlProtocol } from "../wire.ts";
import { admissionError } from "./admission-error.ts";
import { connectionInfo } from "./connection-info.ts";
import { FramedLink } from "./framed-link.ts";
import type { LinkHome, MovableLink } from "./link-home.ts";
import { moveLink } from "./moves.ts";
import type { SessionEnvironment } from "./session-environment.ts";
import { Traffic } from "./traffic.ts";

/**
 * A connection from its first byte to its last: the handshake that admits it, the pings that keep
 * watch over it, the links on it.
 */
export class Session implements LinkHome {
  readonly connection: Connection;
  /** Settles once: resolves when the connection is admitted, rejects when it never will be. */
  readonly admitted: Promise<void>;
  readonly #environment: SessionEnvironment;
  readonly #roundTrip = new RoundTrip();
  readonly #handshake: Handshake;
  readonly #deadline: Timer;
  readonly #links = new Set<MovableLink>();
  readonly #traffic = new Traffic();
  readonly #since: number;
  #sentAt: number;
  #control: Link<ControlMessage> | undefined;
  #liveness: Liveness | undefined;
  #timer: Timer | undefined;
  #lingering: Timer | undefined;
  #successor: Session | undefined;
  #emptySince: number;
  #state: "handshaking" | "admitted" | "over" = "handshaking";
  #waiting: Channel[] = [];
  #admit: () => void = () => {};
  #refuse: (error: TransportError) => void = () => {};

  constructor(connection: Connection, environment: SessionEnvironment) {
    this.connection = connection;
    this.#environment = environment;
    const { clock, random, options } = environment;
    this.#sentAt = clock.monotonic();
    this.#emptySince = this.#sentAt;
    this.#since = clock.now();
    this.#handshake = new Handshake({
      role: connection.direction === "outbound" ? "dialler" : "acceptor",
      network: environment.network,
      local: environment.local,
      remote: connection.peer,
      nonce: random.bytes(32),
      key: environment.key,
    });
    this.admitted = new Promise((resolve, reject) => {
      this.#admit = resolve;
      this.#refuse = reject;
    });
    this.admitted.catch(() => {}); // nobody may be waiting for an inbound one
    this.#deadline = clock.after(options.handshakeTimeoutMs, () => {
      if (this.#state === "handshaking") this.#end("timeout", "the handshake took too long");
    });
    connection.onClose(() => this.#over(closeReason("lost", {}, "transport")));
    if (connection.direction === "outbound") this.#openControl();
  }

  /** Whether links can be opened on it. */
  get open(): boolean {
    return this.#state === "admitted";
  }

  /** Whether it goes through a relay. */
  get isRelayed(): boolean {
    return pathOf(this.connection.address) === "relay";
  }

  get rttMs(): number {
    return this.#roundTrip.ms;
  }

  /** What others may know of it. */
  get info(): ConnectionInfo {
    return connectionInfo(this.connection, this.#since, this.#roundTrip);
  }

  /** What went over its links, by protocol. */
  get traffic(): ReturnType<Traffic["describe"]> {
    return this.#traffic.describe();
  }

  /** Takes a channel that the other end opened: the control channel, or one that waits its turn. */
  accept(channel: Channel): void {
    if (this.#state === "over") return channel.abort();
    if (channel.protocol === ControlProtocol.id) {
      if (this.#control !== undefined || this.connection.direction === "outbound") channel.abort();
      else this.#useControl(this.#link(ControlProtocol, channel, "inbound"));
    } else if (this.#state === "admitted") this.#environment.serve(this, channel);
    else if (this.#waiting.length < this.#environment.options.waitingChannelsMax) {
      this.#waiting.push(channel);
    } else channel.abort();
  }

  /** Makes the link of a channel of this connection. */
  link<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    channel: Channel,
    direction: "inbound" | "outbound",
  ): Link<Value, Reasons> {
    const link = this.#link(protocol, channel, direction);
    this.#links.add(link);
    this.#moveOn(link);
    return link;
  }

  joined(link: MovableLink): void {
    this.#links.add(link);
    this.#traffic.opened(link);
  }

  left(link: MovableLink): void {
    this.#traffic.closed(link);
    if (!this.#links.delete(link)) return;
    this.#emptySince = this.#environment.clock.monotonic();
    if (this.#lingering !== undefined && this.#links.size === 0) this.#stopLingering();
  }

  awaitMove(token: Uint8Array, take: (channel?: Channel, home?: LinkHome) => void): void {
    this.#environment.awaitMove(this.connection.peer, token, take);
  }

  /** A better connection to the same peer is there: the links that were opened here go on over it. */
  giveWayTo(successor: Session): void {
    this.#successor = successor;
    for (const link of this.#links) this.#moveOn(link);
  }

  /** Says goodbye, sends what was written and closes the connection. */
  async close(reason: "going-away" | "idle"): Promise<void> {
    if (this.#state === "over") return;
    for (const link of [...this.#links]) link.close(reason);
    this.#control?.close(reason);
    this.#over(closeReason(reason, {}, "local"));
    await this.connection.close();
  }

  /** Ends the connection for the reason that the other end gave on another one. */
  follow(reason: CloseReason): void {
    this.#over(reason, () => this.#linger());
  }

  #link<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    channel: Channel,
    direction: "inbound" | "outbound",
  ): FramedLink<Value, Reasons> {
    const { clock, log } = this.#environment;
    const { peer } = this.connection;
    const init = { channel, protocol, peer, direction, clock, log, home: this };
    const link = new FramedLink(init);
    this.#traffic.opened(link);
    return link;
  }

  /** Has a link that was opened here go on over the better connection, where there is one. */
  #moveOn(link: MovableLink): void {
    const successor = this.#successor;
    if (successor?.open === true)
      moveLink(link, successor.connection, successor, this.#environment);
  }

  #openControl(): void {
    const signal = this.#environment.signal;
    this.connection.open(ControlProtocol.id, { signal, light: ControlProtocol.light }).then(
      (channel) => {
        if (this.#state === "over") return channel.abort();
        this.#useControl(this.#link(ControlProtocol, channel, "outbound"));
        this.#take(this.#handshake.start());
      },
      (error: unknown) => {
        const missing = error instanceof TransportError && error.code;
        const reason = missing === "CHANNEL_UNSUPPORTED_PROTOCOL" ? "incompatible" : "lost";
        this.#end(reason, "the control channel could not be opened");
      },
    );
  }

  #useControl(control: Link<ControlMessage>): void {
    this.#control = control;
    control.listen({
      message: (message) => this.#receive(message),
      closed: (reason) => {
        if (reason.by === "remote") this.#over(reason, () => this.#linger());
        else if (reason.by === "transport") this.#end("lost");
      },
    });
  }

  #receive(message: ControlMessage): void {
    const now = this.#environment.clock.monotonic();
    if (this.#state === "handshaking") {
      this.#roundTrip.sample(now - this.#sentAt);
      this.#take(this.#handshake.receive(message));
    } else if (message.kind === "ping") {
      this.#liveness?.heard(now);
      this.#control?.send({ kind: "pong", id: message.id });
    } else if (message.kind === "pong") {
      const roundTripMs = this.#liveness?.pong(message.id, now);
      if (roundTripMs === undefined) return;
      this.#roundTrip.sample(roundTripMs);
      this.#environment.measured(this, roundTripMs);
    } else this.#end("protocol-violation");
  }

  #take(step: HandshakeStep): void {
    if (step.refuse !== undefined) return this.#end(step.refuse);
    this.#sentAt = this.#environment.clock.monotonic();
    if (step.send !== undefined) this.#control?.send(step.send);
    if (step.admitted !== true) return;
    const { clock, options } = this.#environment;
    this.#state = "admitted";
    this.#deadline.cancel();
    this.#liveness = new Liveness({ now: clock.monotonic(), ...options });
    this.#timer = clock.after(options.pingIntervalMs, () => this.#tick());
    this.connection.admitted?.();
    this.#environment.admitted(this);
    this.#admit();
    for (const channel of this.#waiting.splice(0)) this.#environment.serve(this, channel);
  }

  #tick(): void {
    if (this.#state !== "admitted") return;
    const { clock, options } = this.#environment;
    const now = clock.monotonic();
    const { ping, dead } = this.#liveness?.tick(now) ?? {};
    if (dead) return this.#end("timeout", "no sign of life");
    if (ping !== undefined) this.#control?.send({ kind: "ping", id: ping });
    if (this.connection.inUse) this.#emptySince = now;
    const idle = this.#links.size === 0 && now - this.#emptySince >= options.idleMs;
    if (idle && this.connection.direction === "outbound") return void this.close("idle");
    this.#timer = clock.after(options.pingIntervalMs, () => this.#tick());
  }

  /** Ends the connection by our own decision. */
  #end(reason: SessionEnd, text = ""): void {
    if (this.#state === "over") return;
    const closed = closeReason(reason, {}, reason === "lost" ? "transport" : "local", text);
    this.#control?.close(reason, text);
    const abort = (): void => this.connection.abort();
    // A refusal should reach the other end; a dead peer's connection has nothing more to give.
    const flush = (): void => void this.connection.close().finally(abort);
    this.#over(closed, reason === "timeout" || reason === "lost" ? abort : flush);
  }

  /** The other end is done: closes the connection once its links have taken what it still sent. */
  #linger(): void {
    if (this.#links.size === 0) return void this.connection.close();
    const { clock } = this.#environment;
    this.#lingering = clock.after(linkCloseTimeoutMs, () => this.#stopLingering());
  }

  #stopLingering(): void {
    this.#lingering?.cancel();
    this.#lingering = undefined;
    void this.connection.close();
  }

  #over(reason: CloseReason, finish: () => void = () => {}): void {
    if (this.#state === "over") return;
    const wasAdmitted = this.#state === "admitted";
    this.#state = "over";
    this.#deadline.cancel();
    this.#timer?.cancel();
    for (const channel of this.#waiting.splice(0)) channel.abort();
    this.#refuse(admissionError(reason));
    finish();
    this.#environment.ended(this, reason, wasAdmitted);
  }
}

type SessionEnd =
  | "different-network"
  | "wrong-secret"
  | "protocol-violation"
  | "incompatible"
  | "timeout"
  | "lost";
