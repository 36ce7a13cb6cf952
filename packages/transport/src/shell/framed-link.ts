import {
  type Clock,
  concatBytes,
  equalBytes,
  type Log,
  type PeerId,
  type Timer,
} from "@mosaik/primitives";
import type { CloseReason, CommonReason, ReasonTable } from "../close-reason.ts";
import { coalesceBytesMax, linkBacklogBytesMax, linkCloseTimeoutMs } from "../config.ts";
import { closeReason, closeTextBytesMax, decodeClose, encodeClose } from "../core/close-frame.ts";
import { FrameReader, type FrameSink, frame, frameKinds } from "../core/framing.ts";
import type { Link, LinkListener, Protocol } from "../protocol.ts";
import type { Channel } from "../transport.ts";
import { moveTokenBytes } from "./moves.ts";

/** The connection that a link is on. */
export interface LinkHome {
  /** Its round-trip time, milliseconds. */
  readonly rttMs: number;
  /** A link came to it. */
  joined(link: MovableLink): void;
  /** A link is over, or went to another home. */
  left(link: MovableLink): void;
  /** Calls `take` with the channel over which a link goes on, and its home; without one it is lost. */
  awaitMove(token: Uint8Array, take: (channel?: Channel, home?: LinkHome) => void): void;
}

/** What the home of a link does with it, whatever its protocol. */
export interface MovableLink {
  readonly protocol: string;
  readonly direction: "inbound" | "outbound";
  readonly traffic: LinkTraffic;
  close(reason?: CommonReason): void;
  moveTo(channel: Channel, token: Uint8Array, home: LinkHome): void;
}

/** What a link is made of. */
export interface FramedLinkInit<Value, Reasons extends ReasonTable> {
  readonly channel: Channel;
  readonly protocol: Protocol<Value, Reasons>;
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly clock: Clock;
  readonly log: Log;
  readonly home: LinkHome;
}

/** What went over a link, and what waits for room below; bytes. */
export interface LinkTraffic {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly backlogBytes: number;
}

/**
 * A link over a channel. The first frame of a turn of the event loop goes out at once, those after
 * it together at the turn's end; what the channel has no room for waits here, within limits.
 *
 * It can go on over another channel: each end says so in its last frame over the old one, and reads
 * the new one once it has the last frame of the other end. Nothing is lost or told twice.
 */
export class FramedLink<Value, Reasons extends ReasonTable>
  implements Link<Value, Reasons>, MovableLink
{
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly #init: FramedLinkInit<Value, Reasons>;
  readonly #aborting = new Map<Channel, Timer>();
  readonly #endedChannels = new WeakSet<Channel>();
  #home: LinkHome;
  /** What is sent goes here. */
  #channel: Channel;
  /** What arrives there is read; none while the new one is awaited. */
  #reading: Channel | undefined;
  #reader: FrameReader | undefined;
  /** Names the move that this end began last. */
  #token: Uint8Array | undefined;
  /** What arrived over the new channel before the last frame over the old one. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #turnTaken = false;
  #drainWanted = false;
  #listener: LinkListener<Value> | undefined;
  #reason: CloseReason | undefined;

  constructor(init: FramedLinkInit<Value, Reasons>) {
    this.#init = init;
    this.#home = init.home;
    this.#channel = init.channel;
    this.peer = init.peer;
    this.direction = init.direction;
  }

  get rttMs(): number {
    return this.#home.rttMs;
  }

  get full(): boolean {
    const full = this.#channel.full || this.#waitingBytes >= coalesceBytesMax;
    if (full) this.#drainWanted = true;
    return full;
  }

  /** The protocol it is a conversation of. */
  get protocol(): string {
    return this.#init.protocol.id;
  }

  /** What went over it, and what waits. */
  get traffic(): LinkTraffic {
    return {
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      backlogBytes: this.#waitingBytes,
    };
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  send(value: Value): boolean {
    return this.#enqueue(frame(frameKinds.message, this.#init.protocol.message.encode(value)));
  }

  sendData(frames: Uint8Array): boolean {
    return this.#enqueue(frames);
  }

  listen(listener: LinkListener<Value>): void {
    this.#listener = listener;
    if (this.#reason !== undefined) return listener.closed(this.#reason);
    this.#readFrom(this.#channel);
    this.#attach(this.#channel);
  }

  /**
   * Goes on over another channel, at another home; for the end that opened the link. The channel
   * begins with the token, by which the other end finds it. Where it cannot, the channel is cut.
   */
  moveTo(channel: Channel, token: Uint8Array, home: LinkHome): void {
    const still = this.#reason === undefined && this.#reading === this.#channel;
    if (!still) return channel.abort();
    channel.write(token);
    this.#token = token;
    this.#switchTo(channel, token, home);
  }

  close(reason: string = "done", text = ""): void {
    if (this.#reason !== undefined) return;
    const closing = closeReason(reason, this.#init.protocol.reasons, "local", text);
    this.#sendLast(frame(frameKinds.close, encodeClose(closing.code, text)));
    this.#over(closing);
  }

  readonly #sink: FrameSink = {
    data: (frames, count) => this.#data(frames, count),
    message: (payload) => this.#message(payload),
    close: (payload) => this.#over(decodeClose(payload, this.#init.protocol.reasons)),
    moved: (token) => this.#moved(token),
  };

  #attach(channel: Channel): void {
    channel.listen({
      received: (bytes) => this.#received(channel, bytes),
      drained: () => {
        if (channel === this.#channel) this.#drained();
      },
      ended: () => this.#ended(channel),
    });
  }

  #readFrom(channel: Channel): void {
    const { protocol } = this.#init;
    this.#reading = channel;
    this.#reader = new FrameReader({
      data: protocol.dataBytesMax,
      message: protocol.message.bytesMax,
      close: 2 + closeTextBytesMax,
      moved: moveTokenBytes,
    });
  }

  #received(channel: Channel, bytes: Uint8Array): void {
    if (this.#reason !== undefined) return;
    if (channel !== this.#reading) return this.#keep(channel, bytes);
    this.#bytesReceived += bytes.byteLength;
    this.#guard(() => {
      if (this.#reader?.push(bytes, this.#sink) === false) this.close("frame-too-large");
    });
  }

  #keep(channel: Channel, bytes: Uint8Array): void {
    const isNew = this.direction === "outbound" && channel === this.#channel;
    if (!isNew) return this.close("protocol-violation", "more after the last frame");
    this.#early.push(bytes);
    this.#earlyBytes += bytes.byteLength;
    if (this.#earlyBytes > linkBacklogBytesMax) this.close("overloaded");
  }

  #ended(channel: Channel): void {
    this.#aborting.get(channel)?.cancel();
    this.#endedChannels.add(channel);
    if (channel === this.#reading) this.#lost();
  }

  #lost(): void {
    this.#over(closeReason("lost", {}, "transport"));
  }

  /** The other end goes on elsewhere: this end's channel is there, or will come. */
  #moved(token: Uint8Array): void {
    const old = this.#reading;
    if (this.direction === "inbound" && old !== undefined) {
      this.#reading = undefined;
      return this.#home.awaitMove(token, (channel, home) => this.#follow(token, channel, home));
    }
    const isAnswer = this.#token !== undefined && equalBytes(token, this.#token);
    if (!isAnswer || old === undefined || old === this.#channel) {
      return this.close("protocol-violation", "nobody asked it to move");
    }
    this.#readFrom(this.#channel);
    this.#end(old);
    this.#earlyBytes = 0;
    for (const bytes of this.#early.splice(0)) this.#received(this.#channel, bytes);
    if (this.#endedChannels.has(this.#channel)) this.#lost();
  }

  #follow(token: Uint8Array, channel: Channel | undefined, home: LinkHome | undefined): void {
    if (this.#reason !== undefined) return channel?.abort();
    if (channel === undefined || home === undefined) return this.#lost();
    this.#readFrom(channel);
    this.#switchTo(channel, token, home);
  }

  /** Sends the rest over the old channel, and from now on over the new one. */
  #switchTo(channel: Channel, token: Uint8Array, home: LinkHome): void {
    this.#sendLast(frame(frameKinds.moved, token));
    this.#home.left(this);
    home.joined(this);
    this.#home = home;
    this.#channel = channel;
    this.#attach(channel);
    this.#drained();
  }

  #sendLast(last: Uint8Array): void {
    this.#waiting.push(last);
    this.#flush();
  }

  #enqueue(frames: Uint8Array): boolean {
    if (this.#reason !== undefined) return true;
    this.#waiting.push(frames);
    this.#waitingBytes += frames.byteLength;
    this.#bytesSent += frames.byteLength;
    if (this.#channel.full) {
      if (this.#waitingBytes > linkBacklogBytesMax) this.close("overloaded");
    } else if (!this.#turnTaken) {
      this.#turnTaken = true;
      this.#init.clock.soon(() => this.#endTurn());
      this.#flush();
    } else if (this.#waitingBytes >= coalesceBytesMax) {
      this.#flush();
    }
    return !this.full;
  }

  #endTurn(): void {
    this.#turnTaken = false;
    if (this.#reason === undefined && !this.#channel.full) {
      this.#flush();
      this.#drained();
    }
  }

  /** Writes all that waits, small pieces joined and large ones as they are. */
  #flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    let from = 0;
    let bytes = 0;
    for (let index = 0; index < waiting.length; index++) {
      const size = waiting[index]?.byteLength ?? 0;
      if (bytes > 0 && bytes + size > coalesceBytesMax) {
        this.#write(waiting.slice(from, index));
        from = index;
        bytes = 0;
      }
      bytes += size;
    }
    this.#write(from === 0 ? waiting : waiting.slice(from));
  }

  #write(pieces: readonly Uint8Array[]): void {
    const [first] = pieces;
    if (first === undefined) return;
    this.#channel.write(pieces.length === 1 ? first : concatBytes(...pieces));
  }

  #drained(): void {
    if (this.#reason !== undefined) return;
    if (!this.#channel.full) this.#flush();
    if (!this.#drainWanted || this.full) return;
    this.#drainWanted = false;
    this.#guard(() => this.#listener?.drained?.());
  }

  #data(frames: Uint8Array, count: number): void {
    if (this.#reason !== undefined) return;
    if (this.#listener?.data === undefined) this.close("protocol-violation", "unexpected data");
    else this.#listener.data(frames, count);
  }

  #message(payload: Uint8Array): void {
    if (this.#reason !== undefined) return;
    const decoded = this.#init.protocol.message.decode(payload);
    if (decoded.ok) this.#listener?.message(decoded.value);
    else this.close("protocol-violation", decoded.error.message);
  }

  #over(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#early = [];
    for (const channel of new Set([this.#channel, this.#reading ?? this.#channel])) {
      if (reason.by === "transport") channel.abort();
      else this.#end(channel);
    }
    this.#home.left(this);
    this.#guard(() => this.#listener?.closed(reason));
  }

  /** Ends a channel in order, and in time. */
  #end(channel: Channel): void {
    channel.end();
    const timer = this.#init.clock.after(linkCloseTimeoutMs, () => channel.abort());
    this.#aborting.set(channel, timer);
  }

  /** Keeps what a listener throws from harming the connection under it. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#init.log.error("a link's listener threw", { protocol: this.#init.protocol.id, error });
      this.close("internal");
    }
  }
}
