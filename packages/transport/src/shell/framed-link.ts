import { type Clock, concatBytes, type Log, type PeerId, type Timer } from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "../close-reason.ts";
import { coalesceBytesMax, linkBacklogBytesMax, linkCloseTimeoutMs } from "../config.ts";
import { closeReason, closeTextBytesMax, decodeClose, encodeClose } from "../core/close-frame.ts";
import { FrameReader, frame, frameKinds } from "../core/framing.ts";
import type { Link, LinkListener, Protocol } from "../protocol.ts";
import type { Channel } from "../transport.ts";

/** What a link is made of. */
export interface FramedLinkInit<Value, Reasons extends ReasonTable> {
  readonly channel: Channel;
  readonly protocol: Protocol<Value, Reasons>;
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly clock: Clock;
  readonly log: Log;
  /** The round-trip time of the connection under it. */
  readonly rttMs: () => number;
  /** Told once, when the link is over. */
  readonly onClosed: () => void;
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
 */
export class FramedLink<Value, Reasons extends ReasonTable> implements Link<Value, Reasons> {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly #init: FramedLinkInit<Value, Reasons>;
  readonly #channel: Channel;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #turnTaken = false;
  #drainWanted = false;
  #listener: LinkListener<Value> | undefined;
  #reason: CloseReason | undefined;
  #aborting: Timer | undefined;

  constructor(init: FramedLinkInit<Value, Reasons>) {
    this.#init = init;
    this.#channel = init.channel;
    this.peer = init.peer;
    this.direction = init.direction;
  }

  get rttMs(): number {
    return this.#init.rttMs();
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
    const { protocol } = this.#init;
    const reader = new FrameReader({
      data: protocol.dataBytesMax,
      message: protocol.message.bytesMax,
      close: 2 + closeTextBytesMax,
    });
    const sink = {
      data: (frames: Uint8Array, count: number) => this.#data(frames, count),
      message: (payload: Uint8Array) => this.#message(payload),
      close: (payload: Uint8Array) => this.#over(decodeClose(payload, protocol.reasons)),
    };
    this.#channel.listen({
      received: (bytes) => {
        if (this.#reason !== undefined) return;
        this.#bytesReceived += bytes.byteLength;
        this.#guard(() => {
          if (!reader.push(bytes, sink)) this.close("frame-too-large");
        });
      },
      drained: () => this.#drained(),
      ended: () => {
        this.#aborting?.cancel();
        this.#over(closeReason("lost", {}, "transport"));
      },
    });
  }

  close(reason: string = "done", text = ""): void {
    if (this.#reason !== undefined) return;
    const closing = closeReason(reason, this.#init.protocol.reasons, "local", text);
    this.#waiting.push(frame(frameKinds.close, encodeClose(closing.code, text)));
    this.#flush();
    this.#over(closing);
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
    if (reason.by !== "transport") {
      this.#channel.end();
      this.#aborting = this.#init.clock.after(linkCloseTimeoutMs, () => this.#channel.abort());
    }
    this.#init.onClosed();
    this.#guard(() => this.#listener?.closed(reason));
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
