import type { Clock, PeerId } from "@mosaik/primitives";
import type { CloseReason, ReasonTable } from "../close-reason.ts";
import { closeReason } from "../core/close-frame.ts";
import { frameHeaderBytes, frameLength } from "../core/framing.ts";
import { TransportError } from "../errors.ts";
import type { Link, LinkListener, Protocol } from "../protocol.ts";

/** The links from a node to itself, and who serves them. */
export class Loopbacks {
  readonly #peer: PeerId;
  readonly #clock: Clock;
  /** The links are those of the protocol of that id. */
  readonly #served = new Map<string, (link: unknown) => void>();

  constructor(peer: PeerId, clock: Clock) {
    this.#peer = peer;
    this.#clock = clock;
  }

  /** Serves a protocol. */
  serve<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
    accept: (link: Link<Value, Reasons>) => void,
  ): Disposable {
    const { id } = protocol;
    this.#served.set(id, (link) => accept(link as Link<Value, Reasons>)); // by the protocol's id
    return { [Symbol.dispose]: () => void this.#served.delete(id) };
  }

  /** Opens a link. @throws TransportError with `CHANNEL_UNSUPPORTED_PROTOCOL`. */
  open<Value, Reasons extends ReasonTable>(
    protocol: Protocol<Value, Reasons>,
  ): Link<Value, Reasons> {
    const accept = this.#served.get(protocol.id);
    if (accept === undefined) {
      const message = `this node does not speak ${protocol.id}`;
      throw new TransportError("CHANNEL_UNSUPPORTED_PROTOCOL", message);
    }
    const { near, far } = createLoopback(protocol, this.#peer, this.#clock);
    accept(far);
    return near;
  }
}

/** Two ends of a link: what one sends, the other gets, in order, a turn later. */
function createLoopback<Value, Reasons extends ReasonTable>(
  protocol: Protocol<Value, Reasons>,
  peer: PeerId,
  clock: Clock,
): { readonly near: Link<Value, Reasons>; readonly far: Link<Value, Reasons> } {
  const near = new LoopbackEnd<Value, Reasons>(protocol, peer, "outbound", clock);
  const far = new LoopbackEnd<Value, Reasons>(protocol, peer, "inbound", clock);
  near.other = far;
  far.other = near;
  return { near, far };
}

type Call<Value> = (listener: LinkListener<Value>) => void;

class LoopbackEnd<Value, Reasons extends ReasonTable> implements Link<Value, Reasons> {
  readonly peer: PeerId;
  readonly rttMs = 0;
  readonly direction: "inbound" | "outbound";
  /** Nothing fills up: bytes are handed over, not copied. Protocols bound what they send by credit. */
  readonly full = false;
  other: LoopbackEnd<Value, Reasons> | undefined;
  readonly #clock: Clock;
  readonly #protocol: Protocol<Value, Reasons>;
  #listener: LinkListener<Value> | undefined;
  #reason: CloseReason | undefined;
  #waiting: Call<Value>[] = [];
  #isScheduled = false;

  constructor(
    protocol: Protocol<Value, Reasons>,
    peer: PeerId,
    direction: "inbound" | "outbound",
    clock: Clock,
  ) {
    this.#protocol = protocol;
    this.peer = peer;
    this.direction = direction;
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  send(value: Value): boolean {
    const { message } = this.#protocol;
    const bytes = message.encode(value); // both ends have values of their own
    const { other } = this;
    if (!this.closed) other?.deliver((listener) => other.#message(bytes, listener));
    return true;
  }

  sendData(frames: Uint8Array): boolean {
    const { other } = this;
    if (!this.closed) other?.deliver((listener) => other.#data(frames, listener));
    return true;
  }

  listen(listener: LinkListener<Value>): void {
    this.#listener = listener;
    if (this.#reason !== undefined) listener.closed(this.#reason);
    else this.#schedule();
  }

  close(name: string = "done", text = ""): void {
    if (this.closed) return;
    const { reasons } = this.#protocol;
    const { other } = this;
    other?.deliver(() => other.over(closeReason(name, reasons, "remote", text)));
    this.over(closeReason(name, reasons, "local", text));
  }

  /** Makes a call, a turn later, with who listens. */
  deliver(call: Call<Value>): void {
    this.#waiting.push(call);
    this.#schedule();
  }

  /** It ended. */
  over(reason: CloseReason): void {
    if (this.closed) return;
    this.#reason = reason;
    this.#waiting = [];
    this.#listener?.closed(reason);
  }

  #message(bytes: Uint8Array, listener: LinkListener<Value>): void {
    const decoded = this.#protocol.message.decode(bytes);
    if (decoded.ok) listener.message(decoded.value);
    else this.close("protocol-violation", decoded.error.message);
  }

  #data(frames: Uint8Array, listener: LinkListener<Value>): void {
    let count = 0;
    for (let at = 0; at < frames.byteLength; count++) {
      at += frameHeaderBytes + frameLength(frames, at);
    }
    if (listener.data === undefined) this.close("protocol-violation", "unexpected data");
    else listener.data(frames, count);
  }

  #schedule(): void {
    const listener = this.#listener;
    if (this.#isScheduled || listener === undefined || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    this.#clock.soon(() => {
      this.#isScheduled = false;
      const calls = this.#waiting;
      this.#waiting = [];
      for (const call of calls) if (!this.closed) call(listener);
    });
  }
}
