import type { Clock } from "@mosaik/primitives";
import type { Channel, ChannelListener } from "../transport.ts";
import { windowBytes } from "./config.ts";
import type { ChannelFrame } from "./frame.ts";

/** What a channel needs of its connection. */
export interface ChannelCarrier {
  readonly clock: Clock;
  /** Sends a frame to the other end. */
  send(frame: ChannelFrame): void;
  /** What arrives, as it is to be handed over. */
  pieces(bytes: Uint8Array): readonly Uint8Array[];
  /** Forgets a channel that is over. */
  release(id: number): void;
}

/**
 * One end of a channel. `ending`: we have said `end`; `ended`: over, what came before the end is
 * still handed to whoever listens; `aborted`: over, by us.
 */
type State = "open" | "ending" | "ended" | "aborted";

/** One end of a channel of the memory transport. */
export class MemoryChannel implements Channel {
  readonly protocol: string;
  readonly #id: number;
  readonly #carrier: ChannelCarrier;
  #state: State = "open";
  #listener: ChannelListener | undefined;
  /** Whether the listener has had what came before it. */
  #flowing = false;
  #waiting: Uint8Array[] = [];
  #drainWaiting = false;
  #endTold = false;
  #untakenBytes = 0;
  #takenBytes = 0;
  #full = false;

  constructor(carrier: ChannelCarrier, id: number, protocol: string) {
    this.#carrier = carrier;
    this.#id = id;
    this.protocol = protocol;
  }

  get full(): boolean {
    return this.#full && this.#state === "open";
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state === "open" && bytes.byteLength > 0) {
      this.#untakenBytes += bytes.byteLength;
      this.#full ||= this.#untakenBytes >= windowBytes;
      this.#carrier.send({ kind: "data", channel: this.#id, bytes });
    }
    return !this.full;
  }

  listen(listener: ChannelListener): void {
    if (this.#listener !== undefined) throw new TypeError("a channel is listened to once");
    this.#listener = listener;
    const nothingWaits = this.#waiting.length === 0 && !this.#drainWaiting && !this.#isOver;
    if (nothingWaits) this.#flowing = true;
    else this.#carrier.clock.soon(() => this.#catchUp(listener));
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#carrier.send({ kind: "end", channel: this.#id });
  }

  abort(): void {
    if (this.#isOver) return;
    this.#waiting = [];
    this.#finish("aborted");
    this.#carrier.send({ kind: "abort", channel: this.#id });
  }

  /** Bytes arrived. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (this.#flowing && this.#listener !== undefined) this.#handOver(bytes, this.#listener);
    else this.#waiting.push(bytes);
  }

  /** The other end took bytes. */
  receiveCredit(count: number): void {
    this.#untakenBytes -= count;
    if (!this.#full || this.#untakenBytes >= windowBytes) return;
    this.#full = false;
    if (this.#state !== "open") return;
    if (this.#flowing) this.#listener?.drained();
    else this.#drainWaiting = true;
  }

  /** The other end has sent all. */
  receiveEnd(): void {
    if (this.#state === "open") this.#carrier.send({ kind: "end", channel: this.#id });
    this.cut();
  }

  /** The channel is over, by the other end or because the connection is. */
  cut(): void {
    if (!this.#isOver) this.#finish("ended");
  }

  /** The process of this end is gone: nobody is told anything any more. */
  vanish(): void {
    this.#state = "aborted";
    this.#endTold = true;
    this.#waiting = [];
  }

  get #isOver(): boolean {
    return this.#state === "ended" || this.#state === "aborted";
  }

  #finish(state: State): void {
    this.#state = state;
    this.#carrier.release(this.#id);
    this.#carrier.clock.soon(() => {
      if (this.#flowing) this.#tellEnd();
    });
  }

  /** Hands over what came before somebody listened. */
  #catchUp(listener: ChannelListener): void {
    this.#flowing = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const bytes of waiting) this.#handOver(bytes, listener);
    if (this.#drainWaiting && this.#state === "open") listener.drained();
    if (this.#isOver) this.#tellEnd();
  }

  #handOver(bytes: Uint8Array, listener: ChannelListener): void {
    this.#takenBytes += bytes.byteLength;
    if (this.#takenBytes >= windowBytes / 2 && !this.#isOver) {
      this.#carrier.send({ kind: "credit", channel: this.#id, count: this.#takenBytes });
      this.#takenBytes = 0;
    }
    for (const piece of this.#carrier.pieces(bytes)) {
      if (this.#state !== "aborted") listener.received(piece);
    }
  }

  #tellEnd(): void {
    if (this.#endTold) return;
    this.#endTold = true;
    this.#listener?.ended();
  }
}
