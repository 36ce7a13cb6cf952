import type { Stream } from "@libp2p/interface";
import type { Clock, Log, Timer } from "@mosaik/primitives";
import type { Uint8ArrayList } from "uint8arraylist";
import type { Channel, ChannelListener } from "../transport.ts";
import { channelEndTimeoutMs } from "./config.ts";
import { WriteQueue } from "./write-queue.ts";

/** What a channel is made of. */
export interface Libp2pChannelInit {
  readonly stream: Stream;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once, when the stream under it is gone at both ends. */
  readonly onGone: (channel: Libp2pChannel) => void;
}

/**
 * A channel over a libp2p stream. The stream is paused until somebody listens. What it has no room
 * for waits here: libp2p's own queue slows down as it grows.
 */
export class Libp2pChannel implements Channel {
  readonly protocol: string;
  readonly #init: Libp2pChannelInit;
  readonly #stream: Stream;
  readonly #queue = new WriteQueue();
  #state: "open" | "ending" | "ended" = "open";
  #listener: ChannelListener | undefined;
  #told = false;
  #gone = false;
  #deadline: Timer | undefined;

  constructor(init: Libp2pChannelInit) {
    this.#init = init;
    this.#stream = init.stream;
    this.protocol = init.stream.protocol;
    this.#attach();
  }

  get full(): boolean {
    const waiting = this.#stream.writableNeedsDrain || this.#queue.byteLength > 0;
    return waiting && this.#state === "open";
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state !== "open") return true;
    this.#queue.push(bytes);
    this.#flush();
    return !this.full;
  }

  listen(listener: ChannelListener): void {
    if (this.#listener !== undefined) throw new TypeError("a channel is listened to once");
    this.#listener = listener;
    queueMicrotask(() => this.#begin());
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#deadline = this.#init.clock.after(channelEndTimeoutMs, () => this.abort());
    this.#resume(); // the other end may need room to finish
    this.#stream.closeRead().catch(() => this.abort());
    this.#finishWriting();
    queueMicrotask(() => this.#tellEnded());
  }

  abort(): void {
    this.#state = "ended";
    this.#queue.clear();
    this.#stream.abort(new Error("aborted"));
    this.#goneNow();
    queueMicrotask(() => this.#tellEnded());
  }

  #attach(): void {
    const stream = this.#stream;
    if (stream.status !== "open" && stream.readBufferLength === 0) return this.abort();
    stream.addEventListener("message", (event) => this.#received(event.data));
    stream.addEventListener("drain", () => queueMicrotask(() => this.#drained()));
    stream.addEventListener("end", () => this.#endedByOther());
    stream.addEventListener("close", () => this.#closed());
    try {
      stream.pause();
    } catch {
      // its reading end has closed: nothing will arrive
    }
    if (stream.readableEnded) this.#endedByOther();
  }

  #begin(): void {
    if (this.#state === "open") this.#resume();
    else this.#tellEnded();
  }

  #resume(): void {
    try {
      this.#stream.resume();
    } catch {
      this.#endedByOther(); // its reading end has closed: nothing will arrive
    }
  }

  #received(data: Uint8Array | Uint8ArrayList): void {
    if (data instanceof Uint8Array) return this.#deliver(data);
    for (const bytes of data) this.#deliver(bytes);
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#state === "open") this.#tell((listener) => listener.received(bytes));
  }

  #drained(): void {
    this.#flush();
    if (this.#state === "ending") this.#finishWriting();
    else if (this.#state === "open" && !this.full) this.#tell((listener) => listener.drained());
  }

  #flush(): void {
    try {
      while (!this.#stream.writableNeedsDrain) {
        const piece = this.#queue.take();
        if (piece === undefined) return;
        this.#stream.send(piece);
      }
    } catch {
      this.#queue.clear(); // the stream has closed and tells us so itself
    }
  }

  #finishWriting(): void {
    if (this.#queue.byteLength > 0) return;
    this.#stream.close().catch(() => this.abort());
  }

  /** The other end writes no more, or the stream was cut, and all that arrived was delivered. */
  #endedByOther(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#queue.clear();
    this.#deadline = this.#init.clock.after(channelEndTimeoutMs, () => this.abort());
    this.#stream.close().catch(() => this.abort());
    this.#tellEnded();
  }

  #closed(): void {
    if (this.#stream.readBufferLength === 0) this.#endedByOther();
    this.#goneNow();
  }

  #goneNow(): void {
    this.#deadline?.cancel();
    if (this.#gone) return;
    this.#gone = true;
    this.#init.onGone(this);
  }

  #tellEnded(): void {
    if (this.#told || this.#listener === undefined) return;
    this.#tell((listener) => {
      this.#told = true;
      listener.ended();
    });
  }

  #tell(call: (listener: ChannelListener) => void): void {
    if (this.#listener === undefined || this.#told) return;
    try {
      call(this.#listener);
    } catch (error) {
      this.#init.log.error("a channel's listener threw", { protocol: this.protocol, error });
      this.abort();
    }
  }
}
