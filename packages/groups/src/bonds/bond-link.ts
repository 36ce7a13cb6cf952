import type { Timer } from "@mosaik/primitives";
import {
  type CloseReason,
  frameHeaderBytes,
  frameLength,
  type ServiceContext,
} from "@mosaik/transport";
import { bondLimits } from "../config.ts";
import { decodeFrame, type Frame } from "../core/frames.ts";
import { type MemberId, type MemberKind, memberId } from "../raft/member.ts";
import type { BondMessage, GroupLink } from "../wire.ts";
import type { BondSession, BondStep } from "./bond-session.ts";

/** What a link tells the bonds. */
export interface BondLinkOwner {
  /** The other end is proven, and who it is. */
  established(bond: BondLink): void;
  /** Frames of the other end, in order. */
  received(bond: BondLink, frames: readonly Frame[]): void;
  /** With whom the other end has bonds. */
  told(bond: BondLink, peers: readonly Uint8Array[]): void;
  /** It is over. */
  ended(bond: BondLink, reason: CloseReason): void;
}

/** One link on its way to being a bond, or one that is. */
export class BondLink {
  readonly link: GroupLink;
  #member: MemberId | undefined;
  #memberKind: MemberKind = "data";
  readonly #session: BondSession;
  readonly #owner: BondLinkOwner;
  readonly #deadline: Timer;

  constructor(
    context: ServiceContext,
    link: GroupLink,
    session: BondSession,
    owner: BondLinkOwner,
    hello: BondMessage | undefined,
  ) {
    this.link = link;
    this.#session = session;
    this.#owner = owner;
    this.#deadline = context.clock.after(bondLimits.handshakeTimeoutMs, () => {
      if (!session.established) link.close("timeout");
    });
    if (hello === undefined) {
      link.listen(this.listener);
      this.#perform(session.start());
    } else this.#perform(session.receive(hello));
  }

  /** What is to listen on the link. */
  readonly listener = {
    message: (message: BondMessage) => {
      this.#perform(this.#session.receive(message));
      if (message.kind === "bonds" && !this.link.closed) this.#owner.told(this, message.peers);
    },
    data: (frames: Uint8Array, count: number) => this.#data(frames, count),
    closed: (reason: CloseReason) => {
      this.#deadline.cancel();
      this.#owner.ended(this, reason);
    },
  };

  /** Who the other end is, once it is proven. */
  get member(): MemberId | undefined {
    return this.#member;
  }

  /** What the other end is for. */
  get memberKind(): MemberKind {
    return this.#memberKind;
  }

  #perform(step: BondStep): void {
    for (const message of step.send ?? []) this.link.send(message);
    if (step.refuse !== undefined) return this.link.close(step.refuse);
    if (step.established === undefined) return;
    this.#deadline.cancel();
    const { incarnation, memberKind } = step.established;
    this.#member = memberId(this.link.peer, incarnation);
    this.#memberKind = memberKind;
    this.#owner.established(this);
  }

  #data(bytes: Uint8Array, count: number): void {
    if (!this.#session.established) {
      return this.link.close("protocol-violation", "data before the proof");
    }
    const frames: Frame[] = [];
    let at = 0;
    for (let index = 0; index < count; index++) {
      const from = at + frameHeaderBytes;
      at = from + frameLength(bytes, at);
      const frame = decodeFrame(bytes.subarray(from, at));
      if (frame === undefined) {
        this.#owner.received(this, frames);
        return this.link.close("protocol-violation", "a frame does not decode");
      }
      frames.push(frame);
    }
    this.#owner.received(this, frames);
  }
}
