import type { PeerId, Timer } from "@mosaik/primitives";
import type { Frame } from "./frame.ts";
import type { Links } from "./links.ts";

/**
 * One direction of a connection: frames arrive in order, each after its latency; those sent at one
 * moment together. While a fault blocks the way it holds them, as TCP does.
 */
export class Pipe {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly #links: Links;
  readonly #receive: (frame: Frame) => void;
  #queue: { readonly frame: Frame; readonly at: number }[] = [];
  #wake: Timer | "soon" | "held" | undefined;
  #delivered = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  #latencyMs = 0;
  #freeAt = 0;
  #arrivesAt = 0;

  constructor(links: Links, from: PeerId, to: PeerId, receive: (frame: Frame) => void) {
    this.#links = links;
    this.from = from;
    this.to = to;
    this.#receive = receive;
  }

  /** Whether anything has arrived. */
  get delivered(): boolean {
    return this.#delivered;
  }

  /** Sends a frame. It arrives in a later turn of the event loop, however short the latency. */
  send(frame: Frame): void {
    this.#queue.push({ frame, at: this.#arrival(frame) });
    this.#links.record(frame, this.from, this.to);
    this.#schedule();
  }

  /** Drops what is on its way. */
  clear(): void {
    this.#queue = [];
    this.#sentAt = Number.NEGATIVE_INFINITY;
    this.#freeAt = 0;
    this.#arrivesAt = 0;
    if (typeof this.#wake === "object") this.#wake.cancel();
    if (this.#wake !== "soon") this.#wake = undefined;
    this.#links.forget(this);
  }

  /** Goes on after a fault; what was held arrives together, after a latency. */
  resume(): void {
    const at = this.#links.clock.monotonic() + this.#links.latencyMs(this.from, this.to);
    this.#queue = this.#queue.map((item) => (item.at < at ? { frame: item.frame, at } : item));
    this.#arrivesAt = Math.max(this.#arrivesAt, at);
    this.#wake = undefined;
    this.#schedule();
  }

  #arrival(frame: Frame): number {
    const now = this.#links.clock.monotonic();
    const size = frame.kind === "data" ? frame.bytes.byteLength : 0;
    this.#freeAt =
      Math.max(now, this.#freeAt) + (size * 1000) / this.#links.conditions.bytesPerSecond;
    if (now !== this.#sentAt) this.#latencyMs = this.#links.latencyMs(this.from, this.to);
    this.#sentAt = now;
    this.#arrivesAt = Math.max(this.#arrivesAt, this.#freeAt + this.#latencyMs);
    return this.#arrivesAt;
  }

  #schedule(): void {
    const [first] = this.#queue;
    if (first === undefined || this.#wake !== undefined) return;
    const { clock } = this.#links;
    const delayMs = first.at - clock.monotonic();
    this.#wake = delayMs > 0 ? clock.after(delayMs, () => this.#arrive()) : "soon";
    if (delayMs <= 0) clock.soon(() => this.#arrive());
  }

  /** Delivers what is due; nobody is kept waiting by a receiver that throws. */
  #arrive(): void {
    this.#wake = undefined;
    if (this.#queue.length > 0 && this.#links.faults.blocks(this.from, this.to)) {
      this.#wake = "held";
      this.#links.hold(this);
      return;
    }
    const now = this.#links.clock.monotonic();
    try {
      for (let left = this.#queue.length; left > 0 && this.#isDue(now); left--)
        this.#deliverFirst();
    } finally {
      this.#schedule();
    }
  }

  #isDue(now: number): boolean {
    const [first] = this.#queue;
    return first !== undefined && first.at <= now;
  }

  #deliverFirst(): void {
    const first = this.#queue.shift();
    if (first === undefined) return;
    this.#delivered = true;
    this.#receive(first.frame);
  }
}
