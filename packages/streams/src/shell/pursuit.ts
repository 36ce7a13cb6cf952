import type { PeerEntry, PeerInfo } from "@mosaik/discovery";
import type { Timer } from "@mosaik/primitives";
import { Continuity } from "../core/continuity.ts";
import { windowLeft } from "../core/credit.ts";
import { saysTheSame, withRoundTrip } from "../core/peer-view.ts";
import { type Refusal, SubscriptionMachine } from "../core/subscription.ts";
import type { PeerPredicate } from "../streams.ts";
import type { Subscribe } from "../wire.ts";
import type { StreamsEnvironment } from "./environment.ts";
import { ProducerLink, type ProducerLinkOwner } from "./producer-link.ts";

/** What a pursuit tells its consumer, and asks it. */
export interface PursuitOwner {
  /** How to subscribe. */
  readonly subscribe: Omit<Subscribe, "entry" | "kind">;
  /** Whether the user wants the producer. */
  readonly from: PeerPredicate;
  /** Takes a place for an attempt; where there is none, everybody is looked at again later. */
  takePlace(): boolean;
  /** The attempt succeeded: the producer's next item has this number. */
  accepted(pursuit: Pursuit, link: ProducerLink, sequence: number): void;
  /** The attempt or the subscription is over. */
  ended(pursuit: Pursuit, link: ProducerLink): void;
  /** Items arrived; `sequence` is that of the first. */
  arrived(link: ProducerLink, frames: Uint8Array, items: number, sequence: number): void;
  /** Items are lost. */
  missed(link: ProducerLink, items: number | undefined): void;
  /** Items were discarded because the first of them does not decode. */
  spoiled(link: ProducerLink, error: unknown, items: number): void;
}

/** One producer as a consumer has it: wanted or not, subscribed or not, past or present. */
export class Pursuit implements ProducerLinkOwner {
  readonly #environment: StreamsEnvironment;
  readonly #owner: PursuitOwner;
  readonly #machine: SubscriptionMachine;
  readonly #continuity = new Continuity();
  #entry: PeerEntry;
  #offered = false;
  /** What the predicate said before there was a link. */
  #wanted = false;
  #link: ProducerLink | undefined;
  /** Former links whose items the application has not all taken. */
  #former: ProducerLink[] = [];
  #timer: Timer | undefined;

  constructor(environment: StreamsEnvironment, owner: PursuitOwner, entry: PeerEntry) {
    this.#environment = environment;
    this.#owner = owner;
    this.#entry = entry;
    this.#machine = new SubscriptionMachine(environment.retry, environment.context.random);
  }

  /** The subscription, where there is one. */
  get subscription(): ProducerLink | undefined {
    return this.#link?.subscribed === true ? this.#link : undefined;
  }

  /** Whether nothing but the memory of it is left. */
  get over(): boolean {
    return !this.#offered && this.#link === undefined;
  }

  /** Why there is no subscription to a producer of the catalog. */
  get refusal(): Refusal | undefined {
    const { state } = this.#machine;
    if (!this.#offered || state.state === "subscribed") return undefined;
    if (!this.#wanted) return "not-wanted";
    return state.state === "waiting" ? state.reason : undefined;
  }

  /** What is known of the producer now. */
  get info(): PeerInfo {
    const known = this.#environment.discovery.info(this.#entry.peer);
    return withRoundTrip(known ?? this.#entry, known?.rttMs ?? this.#link?.rttMs);
  }

  /**
   * The producer is in the catalog. `changed`: so did what this node claims and proves, so that who
   * did not allow it may do so now.
   */
  offered(entry: PeerEntry, changed: boolean): void {
    const reconsider = changed && this.refusal === "not-allowed";
    const fresh = reconsider || !this.#offered || !saysTheSame(this.#entry, entry);
    const wasWanted = this.#wanted;
    this.#entry = entry;
    this.#offered = true;
    const { info } = this;
    const { from } = this.#owner;
    if (this.#link?.rttMs !== undefined) {
      if (!from(info)) this.#link.close("not-wanted");
      return;
    }
    // While the round-trip time is unknown, a peer that would do with the best one is tried.
    this.#wanted = from(info) || (info.rttMs === undefined && from(withRoundTrip(entry, 0)));
    if (this.#wanted) this.#try(fresh || !wasWanted);
    else this.#link?.close("not-wanted");
  }

  /** The producer is no longer in the catalog: a subscription lives on, what is on the way arrives. */
  withdrawn(): void {
    this.#offered = false;
    this.#machine.withdrawn();
    this.#timer?.cancel();
  }

  /** Gives it up. */
  close(): void {
    this.withdrawn();
    this.#link?.close("not-wanted");
  }

  opened(link: ProducerLink): boolean {
    return link === this.#link && this.#owner.from(this.info);
  }

  accepted(link: ProducerLink, incarnation: Uint8Array, sequence: number): boolean {
    const missed = this.#continuity.begin(incarnation, sequence);
    if (missed === "impossible") return false;
    this.#machine.accepted(this.#now());
    if (missed !== 0) this.#owner.missed(link, missed === "unknown" ? undefined : missed);
    this.#owner.accepted(this, link, sequence);
    return true;
  }

  arrived(link: ProducerLink, frames: Uint8Array, items: number): void {
    this.#owner.arrived(link, frames, items, this.#continuity.advance(items));
  }

  skipped(link: ProducerLink, items: number): void {
    this.#continuity.advance(items);
    this.#owner.missed(link, items);
  }

  spoiled(link: ProducerLink, error: unknown, items: number): void {
    this.#owner.spoiled(link, error, items);
  }

  tookLate(): void {
    if (this.#link === undefined && this.#offered && this.#wanted) this.#try(false);
  }

  ended(link: ProducerLink, reason: Refusal): void {
    this.#link = undefined;
    this.#former.push(link);
    this.#machine.ended(this.#now(), reason);
    if (this.#offered) this.#arm();
    else this.#machine.withdrawn();
    this.#owner.ended(this, link);
  }

  #try(fresh: boolean): void {
    if (this.#link !== undefined || !this.#machine.due(this.#now(), fresh)) return;
    const window = this.#windowLeft();
    if (window === undefined || !this.#owner.takePlace()) return;
    this.#timer?.cancel();
    this.#machine.begin();
    const subscribe = { ...this.#owner.subscribe, window };
    this.#link = new ProducerLink(this.#environment, this.#entry.peer, subscribe, this);
  }

  #windowLeft(): number | undefined {
    this.#former = this.#former.filter(({ waiting }) => waiting > 0);
    const held = this.#former.reduce((sum, { waiting }) => sum + waiting, 0);
    return windowLeft(this.#owner.subscribe.window, held);
  }

  /** Sets the timer for the next attempt. */
  #arm(): void {
    this.#timer?.cancel();
    const { state } = this.#machine;
    if (state.state !== "waiting") return;
    const ms = Math.max(1, state.until - this.#now());
    this.#timer = this.#environment.context.clock.after(ms, () => {
      if (!this.#offered || !this.#wanted) return;
      if (this.#machine.due(this.#now(), false)) this.#try(false);
      else this.#arm(); // the timer was early
    });
  }

  #now(): number {
    return this.#environment.context.clock.monotonic();
  }
}
