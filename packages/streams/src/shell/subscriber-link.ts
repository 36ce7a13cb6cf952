import type { PeerInfo } from "@mosaik/discovery";
import type { Clock } from "@mosaik/primitives";
import type { LinkListener } from "@mosaik/transport";
import type { SubscriberQueue } from "../core/subscriber-queue.ts";
import type { StreamMessage } from "../wire.ts";
import type { StreamLink } from "./reception.ts";

/** What a subscriber's link tells its producer. */
export interface SubscriberOwner {
  /** Room appeared in the queue. */
  progressed(): void;
  /** The subscription is over. */
  ended(subscriber: SubscriberLink): void;
}

/** A subscription as the producer has it: moves what its queue lets go to its link. */
export class SubscriberLink implements LinkListener<StreamMessage> {
  readonly queue: SubscriberQueue;
  /** What is known of the consumer. */
  info: PeerInfo;
  readonly #link: StreamLink;
  readonly #owner: SubscriberOwner;
  readonly #clock: Clock;
  readonly #since: number;
  #state: "open" | "finishing" | "finished" = "open";

  constructor(init: {
    readonly link: StreamLink;
    readonly queue: SubscriberQueue;
    readonly info: PeerInfo;
    readonly clock: Clock;
    readonly owner: SubscriberOwner;
  }) {
    this.#link = init.link;
    this.queue = init.queue;
    this.info = init.info;
    this.#clock = init.clock;
    this.#owner = init.owner;
    this.#since = init.clock.monotonic();
  }

  get rttMs(): number {
    return this.#link.rttMs;
  }

  get uptimeMs(): number {
    return this.#clock.monotonic() - this.#since;
  }

  /** Sends what can be sent of what waits in the queue. */
  pump(): void {
    while (!this.queue.empty && !this.#link.full) {
      const next = this.queue.take();
      if (next === undefined) return;
      if (next.gap > 0) this.#link.send({ kind: "gap", count: next.gap });
      this.#link.sendData(next.frames);
    }
    if (this.#state !== "finishing" || !this.queue.empty) return;
    this.#state = "finished";
    this.#link.send({ kind: "end" });
  }

  /** Nothing more will be queued: once all has left, the consumer is asked to end the link. */
  finish(): void {
    this.#state = "finishing";
    this.pump();
  }

  /** Ends the subscription. */
  close(reason: "done" | "going-away" | "not-allowed" | "too-slow"): void {
    this.#link.close(reason);
  }

  message(message: StreamMessage): void {
    if (message.kind !== "credit" || !this.queue.giveBack(message.bytes)) {
      return this.#link.close("protocol-violation");
    }
    this.drained();
  }

  drained(): void {
    this.pump();
    this.#owner.progressed();
  }

  closed(): void {
    this.#owner.ended(this);
  }
}
