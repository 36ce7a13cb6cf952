import type { Clock, PeerId } from "@mosaik/primitives";
import {
  type CloseReason,
  commonReasons,
  frameHeaderBytes,
  frameLength,
  type LinkListener,
  type ReasonTable,
} from "@mosaik/transport";
import { type StreamMessage, StreamProtocol } from "../wire.ts";
import type { StreamLink } from "./reception.ts";

/** Two ends of a link from a node to itself: what one sends, the other gets, in order, a turn later. */
export function createLoopback(peer: PeerId, clock: Clock): { near: StreamLink; far: StreamLink } {
  const near = new LoopbackEnd(peer, "outbound", clock);
  const far = new LoopbackEnd(peer, "inbound", clock);
  near.other = far;
  far.other = near;
  return { near, far };
}

class LoopbackEnd implements StreamLink {
  readonly peer: PeerId;
  readonly rttMs = 0;
  readonly direction: "inbound" | "outbound";
  /** What bounds it is the credit that the subscription runs on. */
  readonly full = false;
  other: LoopbackEnd | undefined;
  readonly #clock: Clock;
  #listener: LinkListener<StreamMessage> | undefined;
  #reason: CloseReason | undefined;
  #waiting: ((listener: LinkListener<StreamMessage>) => void)[] = [];
  #scheduled = false;

  constructor(peer: PeerId, direction: "inbound" | "outbound", clock: Clock) {
    this.peer = peer;
    this.direction = direction;
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  send(value: StreamMessage): boolean {
    if (!this.closed) this.other?.deliver((listener) => listener.message(value));
    return true;
  }

  sendData(frames: Uint8Array): boolean {
    if (!this.closed) this.other?.deliver((listener) => this.other?.data(frames, listener));
    return true;
  }

  listen(listener: LinkListener<StreamMessage>): void {
    this.#listener = listener;
    if (this.#reason !== undefined) listener.closed(this.#reason);
    else this.#schedule();
  }

  close(name: string = "done", text = ""): void {
    if (this.closed) return;
    const table: ReasonTable = { ...commonReasons, ...StreamProtocol.reasons };
    const code = table[name] ?? commonReasons.internal;
    this.other?.deliver(() => this.other?.over({ code, name, text, by: "remote" }));
    this.over({ code, name, text, by: "local" });
  }

  /** Frames from the other end. */
  data(frames: Uint8Array, listener: LinkListener<StreamMessage>): void {
    let count = 0;
    for (let at = 0; at < frames.byteLength; count++) {
      at += frameHeaderBytes + frameLength(frames, at);
    }
    if (listener.data === undefined) this.close("protocol-violation");
    else listener.data(frames, count);
  }

  /** Calls, a turn later, with who listens. */
  deliver(call: (listener: LinkListener<StreamMessage>) => void): void {
    this.#waiting.push(call);
    this.#schedule();
  }

  #schedule(): void {
    const listener = this.#listener;
    if (this.#scheduled || listener === undefined || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#clock.soon(() => {
      this.#scheduled = false;
      const calls = this.#waiting;
      this.#waiting = [];
      for (const call of calls) if (!this.closed) call(listener);
    });
  }

  /** It ended. */
  over(reason: CloseReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#waiting = [];
    this.#listener?.closed(reason);
  }
}
