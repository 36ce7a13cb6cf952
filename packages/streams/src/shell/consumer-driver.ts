import type { PeerEntry, PeerInfo } from "@mosaik/discovery";
import { encodeId, type Log, type PeerId, type Timer } from "@mosaik/primitives";
import { attemptsMax, producersMax, rememberedMax } from "../config.ts";
import { Continuity } from "../core/continuity.ts";
import { provesTheSame, saysTheSame, withRoundTrip } from "../core/peer-view.ts";
import { type Refusal, SubscriptionMachine } from "../core/subscription.ts";
import type { StreamIdentity } from "../define-stream.ts";
import type { PeerPredicate, Subscription } from "../streams.ts";
import type { StreamsEnvironment } from "./environment.ts";
import { ProducerLink, type ProducerLinkOwner } from "./producer-link.ts";
import type { Arrivals } from "./reader.ts";
import type { Roster } from "./roster.ts";

/** What a consumer's driver is made of. */
export interface ConsumerDriverInit {
  readonly environment: StreamsEnvironment;
  readonly definition: StreamIdentity;
  readonly from: PeerPredicate;
  readonly windowBytes: number;
  readonly roster: Roster;
  readonly reader: Arrivals;
  readonly log: Log;
}

/** What a consumer knows of a producer, past or present. */
interface Track {
  entry: PeerEntry;
  offered: boolean;
  /** What the predicate said before any link. */
  wanted: boolean;
  readonly machine: SubscriptionMachine;
  readonly continuity: Continuity;
  link: ProducerLink | undefined;
  timer: Timer | undefined;
}

/**
 * Keeps a consumer subscribed to every producer that it wants: follows the catalog, tries, tries
 * again, and puts what arrives into the inbox.
 */
export class ConsumerDriver implements ProducerLinkOwner {
  readonly #init: ConsumerDriverInit;
  readonly #tracks = new Map<PeerId, Track>();
  #me: PeerEntry;
  #items = 0;
  #bytes = 0;
  #gaps = 0;
  #attempts = 0;
  #links = 0;
  #starved = false;
  #closed = false;

  constructor(init: ConsumerDriverInit) {
    this.#init = init;
    this.#me = this.#catalog().me;
  }

  /** The subscriptions now. */
  get producers(): readonly Subscription[] {
    const stream = this.#init.definition.id;
    return this.#subscribed().map((link) => ({ stream, peer: link.peer, ...link.figures }));
  }

  /** Totals over all subscriptions there ever were. */
  get stats(): { readonly items: number; readonly bytes: number; readonly gaps: number } {
    return { items: this.#items, bytes: this.#bytes, gaps: this.#gaps };
  }

  /** Producers in the catalog without a subscription, and why. */
  get refusals(): ReadonlyMap<PeerId, Refusal> {
    const refusals = new Map<PeerId, Refusal>();
    for (const [peer, track] of this.#tracks) {
      const reason = this.#refusal(track);
      if (reason !== undefined) refusals.set(peer, reason);
    }
    return refusals;
  }

  /** The catalog may have changed: looks at every producer again. */
  review(): void {
    if (this.#closed) return;
    const { me, offering } = this.#catalog();
    const changed = !provesTheSame(this.#me, me);
    this.#me = me;
    const gone = new Set(this.#tracks.keys());
    this.#starved = false;
    for (const entry of offering) {
      gone.delete(entry.peer);
      this.#offered(entry, changed);
    }
    for (const peer of gone) this.#withdrawn(peer);
    this.#forget();
    this.#tellRoster();
  }

  /** Ends every subscription. */
  close(): void {
    this.#closed = true;
    for (const track of this.#tracks.values()) {
      track.timer?.cancel();
      track.link?.close("not-wanted");
    }
    this.#tracks.clear();
    this.#tellRoster();
  }

  opened(link: ProducerLink): boolean {
    const track = this.#trackOf(link);
    return track !== undefined && this.#init.from(this.#info(track));
  }

  accepted(link: ProducerLink, incarnation: Uint8Array, sequence: number): boolean {
    const track = this.#trackOf(link);
    const missed = track?.continuity.begin(incarnation, sequence) ?? "impossible";
    if (track === undefined || missed === "impossible") return false;
    track.machine.accepted(this.#now());
    this.#attempts--;
    if (missed !== 0) this.#gap(link, missed === "unknown" ? undefined : missed);
    this.#init.log.debug("subscribed", { producer: link.peer });
    this.#feedStarved();
    this.#tellRoster();
    return true;
  }

  arrived(link: ProducerLink, frames: Uint8Array, items: number): void {
    const sequence = this.#trackOf(link)?.continuity.advance(items) ?? 0;
    this.#items += items;
    this.#bytes += frames.byteLength - items * 4;
    this.#init.reader.inbox.push(link, frames, items, sequence);
    this.#init.reader.arrived();
  }

  skipped(link: ProducerLink, items: number): void {
    this.#trackOf(link)?.continuity.advance(items);
    this.#gap(link, items);
  }

  spoiled(link: ProducerLink, error: unknown, lost: number): void {
    this.#gaps += lost;
    this.#init.log.warn("an item does not decode", { producer: link.peer, error });
  }

  ended(link: ProducerLink, reason: Refusal): void {
    const track = this.#trackOf(link);
    this.#links--;
    if (!link.subscribed) this.#attempts--;
    if (track === undefined) return;
    track.link = undefined;
    track.machine.ended(this.#now(), reason);
    if (!track.offered) track.machine.withdrawn();
    this.#init.log.debug("not subscribed", { producer: link.peer, reason });
    this.#arm(track);
    this.#feedStarved();
    this.#tellRoster();
  }

  /** `changed`: so did what we claim and prove; who did not allow us may do so now. */
  #offered(entry: PeerEntry, changed: boolean): void {
    const track = this.#tracks.get(entry.peer) ?? this.#begin(entry);
    const wasWanted = track.wanted;
    const reconsider = changed && this.#refusal(track) === "not-allowed";
    const fresh = reconsider || !track.offered || !saysTheSame(track.entry, entry);
    track.entry = entry;
    track.offered = true;
    const info = this.#info(track);
    const { from } = this.#init;
    if (track.link?.rttMs !== undefined) {
      if (!from(info)) track.link.close("not-wanted");
      return;
    }
    // While the round-trip time is unknown, a peer that would do with the best one is tried.
    track.wanted = from(info) || (info.rttMs === undefined && from(withRoundTrip(entry, 0)));
    if (track.wanted) this.#try(track, fresh || !wasWanted);
    else track.link?.close("not-wanted");
  }

  #catalog(): { readonly me: PeerEntry; readonly offering: readonly PeerEntry[] } {
    const catalog = this.#init.environment.discovery.catalog.value;
    return {
      me: catalog.me,
      offering: catalog.offering("stream.producer", this.#init.definition.id),
    };
  }

  #begin(entry: PeerEntry): Track {
    const { context, retry } = this.#init.environment;
    const track: Track = {
      entry,
      offered: false,
      wanted: false,
      machine: new SubscriptionMachine(retry, context.random),
      continuity: new Continuity(),
      link: undefined,
      timer: undefined,
    };
    this.#tracks.set(entry.peer, track);
    return track;
  }

  #withdrawn(peer: PeerId): void {
    const track = this.#tracks.get(peer);
    if (track === undefined) return;
    track.offered = false;
    track.machine.withdrawn();
    track.timer?.cancel();
  }

  #try(track: Track, fresh: boolean): void {
    const { environment, definition, windowBytes } = this.#init;
    if (this.#attempts >= attemptsMax || this.#links >= producersMax) {
      this.#starved ||= track.link === undefined;
      return;
    }
    if (!track.machine.offered(this.#now(), fresh)) return;
    track.timer?.cancel();
    this.#attempts++;
    this.#links++;
    const subscribe = {
      stream: encodeId(definition.id),
      codec: definition.codec.id,
      version: definition.version,
      window: windowBytes,
    };
    track.link = new ProducerLink(environment, track.entry.peer, subscribe, this);
  }

  /** Sets the timer for the next attempt. */
  #arm(track: Track): void {
    track.timer?.cancel();
    const { state } = track.machine;
    if (state.state !== "waiting" || this.#closed) return;
    track.timer = this.#init.environment.context.clock.after(
      Math.max(1, state.until - this.#now()),
      () => {
        if (!track.offered || !track.wanted || track.link !== undefined) return;
        this.#try(track, false);
        if (track.link === undefined && !this.#starved) this.#arm(track); // the timer was early
      },
    );
  }

  /** Room for an attempt appeared: takes up those that found none. */
  #feedStarved(): void {
    if (this.#starved) this.#init.environment.context.clock.soon(() => this.review());
  }

  #refusal(track: Track): Refusal | undefined {
    const { state } = track.machine;
    if (!track.offered || state.state === "subscribed") return undefined;
    if (!track.wanted) return "not-wanted";
    if (state.state === "waiting") return state.reason;
    return state.state === "idle" && this.#links >= producersMax ? "no-capacity" : undefined;
  }

  #gap(link: ProducerLink, count: number | undefined): void {
    this.#gaps += count ?? 0;
    this.#init.reader.inbox.pushGap(link, count);
    this.#init.reader.arrived();
  }

  /** Forgets producers of long ago, those longest known first. */
  #forget(): void {
    let tooMany = this.#tracks.size - rememberedMax;
    for (const [peer, track] of this.#tracks) {
      if (tooMany <= 0) return;
      if (track.offered || track.link !== undefined) continue;
      this.#tracks.delete(peer);
      tooMany--;
    }
  }

  #subscribed(): ProducerLink[] {
    return [...this.#tracks.values()].flatMap(({ link }) => (link?.subscribed ? [link] : []));
  }

  #tellRoster(): void {
    const subscribed = [...this.#tracks.values()].filter(({ link }) => link?.subscribed);
    this.#init.roster.set(subscribed.map((track) => this.#info(track)));
  }

  #info(track: Track): PeerInfo {
    const known = this.#init.environment.discovery.info(track.entry.peer);
    return withRoundTrip(known ?? track.entry, known?.rttMs ?? track.link?.rttMs);
  }

  #trackOf(link: ProducerLink): Track | undefined {
    const track = this.#tracks.get(link.peer);
    return track?.link === link ? track : undefined;
  }

  #now(): number {
    return this.#init.environment.context.clock.monotonic();
  }
}
