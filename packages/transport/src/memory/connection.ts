import type { PeerId } from "@mosaik/primitives";
import type { Channel, Connection } from "../transport.ts";
import type { MemoryChannel } from "./channel.ts";
import { ChannelTable, connectionEnded } from "./channel-table.ts";
import { closeTimeoutMs, dialTimeoutMs } from "./config.ts";
import type { ChannelFrame, Frame } from "./frame.ts";
import type { Links } from "./links.ts";
import { Pipe } from "./pipe.ts";

/** What a connection needs of its transport. */
export interface ConnectionOwner {
  readonly peer: PeerId;
  /** Why a connection that somebody asks for is refused, where it is. */
  refusal(expected: PeerId | undefined): string | undefined;
  connected(connection: MemoryConnection): void;
  serves(protocol: string): boolean;
  opened(connection: MemoryConnection, channel: MemoryChannel): void;
  ended(connection: MemoryConnection): void;
}

/** What one end of a connection is made from. */
export interface ConnectionEnd {
  readonly links: Links;
  readonly owner: ConnectionOwner;
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly address: string;
}

/** One end of a connection of the memory transport. */
export class MemoryConnection implements Connection {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly address: string;
  readonly #links: Links;
  readonly #owner: ConnectionOwner;
  readonly #channels: ChannelTable;
  readonly #out: Pipe;
  /** `new`: asked for, not accepted yet. `closing`: we have said `close`. */
  #state: "new" | "open" | "closing" | "ended" = "new";
  #onClose: (() => void)[] = [];
  #told = false;
  #closing: Promise<void> | undefined;
  #answerDial: (refusal?: string) => void = () => {};
  #forgetDial: () => void = () => {};

  /** @param other - The other end, once it is made. */
  constructor(end: ConnectionEnd, other: () => MemoryConnection) {
    const { links, owner } = end;
    this.peer = end.peer;
    this.direction = end.direction;
    this.address = end.address;
    this.#links = links;
    this.#owner = owner;
    this.#out = new Pipe(links, owner.peer, end.peer, (frame) => other().#receive(frame));
    this.#channels = new ChannelTable(
      {
        clock: links.clock,
        send: (frame) => this.#send(frame),
        pieces: (bytes) => links.pieces(bytes),
        serves: (protocol) => this.#state === "open" && owner.serves(protocol),
        opened: (channel) => owner.opened(this, channel),
      },
      end.direction === "outbound" ? 1 : 2,
    );
  }

  /**
   * Asks for the connection. Returns why it is not had, where it is not.
   *
   * @throws the reason of `signal` when it aborts.
   */
  connect(expected: PeerId | undefined, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const timer = this.#links.clock.after(dialTimeoutMs, () => this.#giveUp("no answer in time"));
      const onAbort = (): void => {
        reject(signal.reason);
        this.#giveUp("aborted");
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#forgetDial = () => {
        timer.cancel();
        signal.removeEventListener("abort", onAbort);
      };
      this.#answerDial = resolve;
      this.#out.send({ kind: "connect", expected });
    });
  }

  open(protocol: string, options: { readonly signal: AbortSignal }): Promise<Channel> {
    if (this.#state !== "open") return Promise.reject(connectionEnded());
    return this.#channels.open(protocol, options.signal);
  }

  onClose(closed: () => void): void {
    if (this.#told) closed();
    else this.#onClose.push(closed);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      const timer = this.#links.clock.after(closeTimeoutMs, () => this.abort());
      this.onClose(() => {
        timer.cancel();
        resolve();
      });
      if (this.#state === "new") this.abort();
      if (this.#state !== "open") return;
      this.#state = "closing";
      this.#out.send({ kind: "close" });
    });
    return this.#closing;
  }

  abort(): void {
    if (this.#state === "ended") return;
    this.#cut();
    this.#end();
  }

  /** The process of this end is gone: nobody here is told anything; the other end notices. */
  vanish(): void {
    if (this.#state === "ended") return;
    this.#cut();
    this.#state = "ended";
    this.#told = true;
    this.#onClose = [];
    this.#forgetDial();
    this.#channels.vanish();
  }

  #receive(frame: Frame): void {
    if (this.#state === "ended") return;
    switch (frame.kind) {
      case "connect":
        return this.#receiveConnect(frame.expected);
      case "accept":
        this.#state = "open";
        return this.#settleDial();
      case "refuse":
        return this.#end(frame.reason);
      case "close":
        this.#out.send({ kind: "closed" });
        return this.#end();
      case "closed":
      case "reset":
        return this.#end();
      default:
        return this.#channels.receive(frame);
    }
  }

  #receiveConnect(expected: PeerId | undefined): void {
    const reason = this.#owner.refusal(expected);
    if (reason !== undefined) {
      this.#state = "ended";
      this.#out.send({ kind: "refuse", reason });
      return;
    }
    this.#state = "open";
    this.#out.send({ kind: "accept" });
    this.#owner.connected(this);
  }

  #send(frame: ChannelFrame): void {
    if (this.#state === "ended") return;
    const lost =
      frame.kind === "data" && this.#links.happens(this.#links.conditions.connectionLoss);
    if (lost) this.abort();
    else this.#out.send(frame);
  }

  #giveUp(reason: string): void {
    if (this.#state !== "new") return;
    this.#cut();
    this.#end(reason);
  }

  /** Drops what is on its way and lets the other end know, where it has heard of us. */
  #cut(): void {
    const unheard = this.#state === "new" && !this.#out.delivered;
    this.#out.clear();
    if (!unheard) this.#out.send({ kind: "reset" });
  }

  #end(reason = "the connection was lost"): void {
    this.#state = "ended";
    this.#settleDial(reason);
    this.#owner.ended(this);
    this.#channels.end();
    this.#links.clock.soon(() => this.#tell());
  }

  #settleDial(refusal?: string): void {
    this.#forgetDial();
    this.#answerDial(refusal);
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    const told = this.#onClose;
    this.#onClose = [];
    for (const closed of told) closed();
  }
}
