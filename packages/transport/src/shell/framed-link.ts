import { type Clock, equalBytes, type Log, type PeerId, type Timer } from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "../close-reason.ts";
import { linkBacklogBytesMax, linkCloseTimeoutMs } from "../config.ts";
import { closeReason, closeTextBytesMax, decodeClose, encodeClose } from "../core/close-frame.ts";
import { FrameReader, type FrameSink, frame, frameKinds } from "../core/framing.ts";
import type { Link, LinkListener, Protocol } from "../protocol.ts";
import type { Channel } from "../transport.ts";
import type { LinkHome, LinkTraffic, MovableLink } from "./link-home.ts";
import { moveTokenBytes } from "./moves.ts";
import { Outbox } from "./outbox.ts";

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

/**
 * A link over a channel.
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
  readonly #outbox: Outbox;
  /** What arrives there is read; none while the new one is awaited. */
  #reading: Channel | undefined;
  #reader: FrameReader | undefined;
  /** Names the move that this end began last. */
  #token: Uint8Array | undefined;
  /** What arrived over the new channel before the last frame over the old one. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #bytesReceived = 0;
  #listener: LinkListener<Value> | undefined;
  #reason: CloseReason | undefined;

  constructor(init: FramedLinkInit<Value, Reasons>) {
    this.#init = init;
    this.#home = init.home;
    this.#outbox = new Outbox(init.channel, init.clock, {
      drained: () => this.#guard(() => this.#listener?.drained?.()),
      overloaded: () => this.close("overloaded"),
    });
    this.peer = init.peer;
    this.direction = init.direction;
  }

  get rttMs(): number {
    return this.#home.rttMs;
  }

  get full(): boolean {
    return this.#outbox.full;
  }

  /** The protocol it is a conversation of. */
  get protocol(): string {
    return this.#init.protocol.id;
  }

  /** What went over it, and what waits. */
  get traffic(): LinkTraffic {
    return {
      bytesSent: this.#outbox.bytesSent,
      bytesReceived: this.#bytesReceived,
      backlogBytes: this.#outbox.waitingBytes,
    };
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  send(value: Value): boolean {
    return this.#outbox.push(frame(frameKinds.message, this.#init.protocol.message.encode(value)));
  }

  sendData(frames: Uint8Array): boolean {
    return this.#outbox.push(frames);
  }

  listen(listener: LinkListener<Value>): void {
    this.#listener = listener;
    if (this.#reason !== undefined) return listener.closed(this.#reason);
    const { channel } = this.#outbox;
    this.#readFrom(channel);
    this.#attach(channel);
  }

  /**
   * Goes on over another channel, at another home; for the end that opened the link. The channel
   * begins with the token, by which the other end finds it. Where it cannot, the channel is cut.
   */
  moveTo(channel: Channel, token: Uint8Array, home: LinkHome): void {
    const still = this.#reason === undefined && this.#reading === this.#outbox.channel;
    if (!still) return channel.abort();
    channel.write(token);
    this.#token = token;
    this.#switchTo(channel, token, home);
  }

  close(reason: string = "done", text = ""): void {
    if (this.#reason !== undefined) return;
    const closing = closeReason(reason, this.#init.protocol.reasons, "local", text);
    this.#outbox.pushLast(frame(frameKinds.close, encodeClose(closing.code, text)));
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
        if (channel === this.#outbox.channel) this.#outbox.drained();
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
    const isNew = this.direction === "outbound" && channel === this.#outbox.channel;
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
    if (!isAnswer || old === undefined || old === this.#outbox.channel) {
      return this.close("protocol-violation", "nobody asked it to move");
    }
    this.#readFrom(this.#outbox.channel);
    this.#end(old);
    this.#earlyBytes = 0;
    for (const bytes of this.#early.splice(0)) this.#received(this.#outbox.channel, bytes);
    if (this.#endedChannels.has(this.#outbox.channel)) this.#lost();
  }

  #follow(token: Uint8Array, channel: Channel | undefined, home: LinkHome | undefined): void {
    if (this.#reason !== undefined) return channel?.abort();
    if (channel === undefined || home === undefined) return this.#lost();
    this.#readFrom(channel);
    this.#switchTo(channel, token, home);
  }

  /** Sends the rest over the old channel, and from now on over the new one. */
  #switchTo(channel: Channel, token: Uint8Array, home: LinkHome): void {
    this.#outbox.pushLast(frame(frameKinds.moved, token));
    this.#home.left(this);
    home.joined(this);
    this.#home = home;
    this.#outbox.switchTo(channel);
    this.#attach(channel);
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
    this.#outbox.close();
    this.#early = [];
    const { channel: sending } = this.#outbox;
    for (const channel of new Set([sending, this.#reading ?? sending])) {
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
