import type { Clock, PeerId } from "@mosaik/primitives";
import type { CloseReason } from "../../close-reason.ts";
import { closeReason } from "../../core/close-frame.ts";
import type { LinkListener } from "../../protocol.ts";
import { type DiagnosticsLink, type DiagnosticsMessage, reasons } from "../wire.ts";

/** The two ends of a link of a node to itself: messages go over in the next turn, in order. */
export function linkPair(peer: PeerId, clock: Clock): readonly [DiagnosticsLink, DiagnosticsLink] {
  const near = new LocalLink(peer, clock, "outbound");
  const far = new LocalLink(peer, clock, "inbound");
  near.other = far;
  far.other = near;
  return [near, far];
}

class LocalLink implements DiagnosticsLink {
  readonly peer: PeerId;
  readonly direction: "inbound" | "outbound";
  readonly rttMs = 0;
  readonly full = false;
  other: LocalLink | undefined;
  readonly #clock: Clock;
  #listener: LinkListener<DiagnosticsMessage> | undefined;
  #reason: CloseReason | undefined;

  constructor(peer: PeerId, clock: Clock, direction: "inbound" | "outbound") {
    this.peer = peer;
    this.direction = direction;
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  send(value: DiagnosticsMessage): boolean {
    const { other } = this;
    if (!this.closed) this.#clock.soon(() => other?.take(value));
    return true;
  }

  sendData(): boolean {
    return true;
  }

  listen(listener: LinkListener<DiagnosticsMessage>): void {
    this.#listener = listener;
    if (this.#reason !== undefined) listener.closed(this.#reason);
  }

  close(name = "done", text = ""): void {
    const { other } = this;
    this.#clock.soon(() => other?.end(closeReason(name, reasons, "remote", text)));
    this.end(closeReason(name, reasons, "local", text));
  }

  take(value: DiagnosticsMessage): void {
    if (!this.closed) this.#listener?.message(value);
  }

  end(reason: CloseReason): void {
    if (this.closed) return;
    this.#reason = reason;
    this.#listener?.closed(reason);
  }
}
