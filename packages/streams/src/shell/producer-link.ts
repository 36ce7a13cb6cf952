import type { PeerId, Timer } from "@mosaik/primitives";
import {
  type CloseReason,
  type CommonReason,
  type LinkListener,
  TransportError,
} from "@mosaik/transport";
import { itemBytesMax, subscribeTimeoutMs } from "../config.ts";
import { framesCost, payloadBytes, ReceiveCredit } from "../core/credit.ts";
import { incarnationName } from "../core/incarnation.ts";
import type { Refusal } from "../core/subscription.ts";
import type { RunSource } from "../runs.ts";
import { type StreamMessage, StreamProtocol, type Subscribe } from "../wire.ts";
import type { StreamsEnvironment } from "./environment.ts";
import type { StreamLink } from "./reception.ts";

/** What a producer's link tells its consumer. */
export interface ProducerLinkOwner {
  /** The link is open; whether the producer is wanted still, its round-trip time now known. */
  opened(link: ProducerLink): boolean;
  /** Subscribed; `false` where the producer contradicts itself. */
  accepted(link: ProducerLink, incarnation: Uint8Array, sequence: number): boolean;
  /** Items arrived. */
  arrived(link: ProducerLink, frames: Uint8Array, items: number): void;
  /** The producer dropped items. */
  skipped(link: ProducerLink, items: number): void;
  /** Items were discarded because the first of them does not decode. */
  spoiled(link: ProducerLink, error: unknown, items: number): void;
  /** The application took items that came over a link that has ended. */
  tookLate(): void;
  /** The attempt failed or the subscription ended. Called once. */
  ended(link: ProducerLink, reason: Refusal): void;
}

/** One attempt to subscribe to a producer, and the subscription that it may become. */
export class ProducerLink implements RunSource, LinkListener<StreamMessage> {
  readonly peer: PeerId;
  readonly #environment: StreamsEnvironment;
  readonly #subscribe: Subscribe;
  readonly #owner: ProducerLinkOwner;
  readonly #credit: ReceiveCredit;
  readonly #stop = new AbortController();
  readonly #timer: Timer;
  #link: StreamLink | undefined;
  #since: number | undefined;
  #incarnation = "";
  #over = false;
  #items = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(
    environment: StreamsEnvironment,
    peer: PeerId,
    subscribe: Omit<Subscribe, "entry" | "kind">,
    owner: ProducerLinkOwner,
  ) {
    const { context, discovery } = environment;
    this.#environment = environment;
    this.peer = peer;
    this.#subscribe = { kind: "subscribe", ...subscribe, entry: discovery.signedEntry };
    this.#owner = owner;
    this.#credit = new ReceiveCredit(subscribe.window, itemBytesMax);
    this.#timer = context.clock.after(subscribeTimeoutMs, () => this.#finish("unreachable"));
    context.open(StreamProtocol, peer, { signal: this.#stop.signal }).then(
      (link) => this.#use(link),
      (error: unknown) => this.#finish(openFailure(error)),
    );
  }

  get rttMs(): number | undefined {
    return this.#link?.rttMs;
  }

  get incarnation(): string {
    return this.#incarnation;
  }

  /** Whether the producer accepted. */
  get subscribed(): boolean {
    return this.#since !== undefined;
  }

  /** Cost of what came over it and the application has not taken. */
  get waiting(): number {
    return this.#credit.waiting;
  }

  /** What came over it so far. */
  get figures(): { items: number; bytes: number; dropped: number; uptimeMs: number } {
    const now = this.#environment.context.clock.monotonic();
    const uptimeMs = now - (this.#since ?? now);
    return { items: this.#items, bytes: this.#bytes, dropped: this.#dropped, uptimeMs };
  }

  /** Gives up the attempt or the subscription. */
  close(reason: Refusal): void {
    this.#finish(reason);
  }

  taken(cost: number): void {
    const bytes = this.#credit.taken(cost);
    if (this.#over) this.#owner.tookLate();
    else if (bytes > 0) this.#link?.send({ kind: "credit", bytes });
  }

  undecodable(error: unknown, lost: number): void {
    this.#credit.discard();
    this.#owner.spoiled(this, error, lost);
    this.#finish("incompatible");
  }

  message(message: StreamMessage): void {
    if (message.kind === "accepted" && !this.subscribed) {
      this.#timer.cancel();
      this.#incarnation = incarnationName(message.incarnation);
      this.#since = this.#environment.context.clock.monotonic();
      if (!this.#owner.accepted(this, message.incarnation, message.sequence)) this.#violation();
    } else if (message.kind === "gap" && this.subscribed) {
      this.#dropped += message.count;
      this.#owner.skipped(this, message.count);
    } else if (message.kind === "end" && this.subscribed) this.#finish("not-found");
    else this.#violation();
  }

  data(frames: Uint8Array, count: number): void {
    const cost = framesCost(frames, count);
    if (!this.subscribed || !this.#credit.arrived(cost)) return this.#violation();
    this.#items += count;
    this.#bytes += payloadBytes(frames, count);
    this.#owner.arrived(this, frames, count);
  }

  closed(reason: CloseReason): void {
    this.#finish(refusalOf(reason));
  }

  #use(link: StreamLink): void {
    if (this.#over) return link.close("cancelled");
    this.#link = link;
    link.listen(this);
    if (this.#over) return; // it had ended already
    if (this.#owner.opened(this)) link.send(this.#subscribe);
    else this.#finish("not-wanted");
  }

  #violation(): void {
    this.#link?.close("protocol-violation");
  }

  /** Ends it once; whoever is late finds it over. */
  #finish(reason: Refusal): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer.cancel();
    this.#stop.abort();
    this.#link?.close(closeNames[reason] ?? "done");
    this.#owner.ended(this, reason);
  }
}

/** What the producer is told, where it is more than that we are done. */
const closeNames: Partial<Record<Refusal, CommonReason>> = {
  incompatible: "incompatible",
  unreachable: "timeout",
};

function refusalOf(reason: CloseReason): Refusal {
  switch (reason.name) {
    case "not-found":
    case "not-allowed":
    case "no-capacity":
    case "too-slow":
    case "incompatible":
      return reason.name;
    case "overloaded":
      return "no-capacity";
    case "protocol-violation":
    case "frame-too-large":
      return "incompatible";
    default:
      return "unreachable";
  }
}

function openFailure(error: unknown): Refusal {
  const code = error instanceof TransportError ? error.code : undefined;
  if (code === "CHANNEL_UNSUPPORTED_PROTOCOL") return "incompatible";
  return code === "NETWORK_NO_CAPACITY" ? "no-capacity" : "unreachable";
}
