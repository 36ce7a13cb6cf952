import type { PeerEntry } from "@mosaik/discovery";
import { type Counter, encodeId, type Log, type PeerId } from "@mosaik/primitives";
import { attemptsMax, producersMax, rememberedMax } from "../config.ts";
import { payloadBytes } from "../core/credit.ts";
import { provesTheSame } from "../core/peer-view.ts";
import type { Refusal } from "../core/subscription.ts";
import type { StreamIdentity } from "../define-stream.ts";
import type { ConsumedStream } from "../diagnostics.ts";
import { streamsMetrics } from "../metrics.ts";
import type { RunListener } from "../runs.ts";
import type { PeerPredicate, Subscription } from "../streams.ts";
import type { Subscribe } from "../wire.ts";
import type { StreamsEnvironment } from "./environment.ts";
import type { ProducerLink } from "./producer-link.ts";
import { Pursuit, type PursuitOwner } from "./pursuit.ts";
import type { Roster } from "./roster.ts";
import { Sampler } from "./sampler.ts";

/** What a consumer's driver is made of. */
export interface ConsumerDriverInit {
  readonly environment: StreamsEnvironment;
  readonly definition: StreamIdentity;
  readonly from: PeerPredicate;
  readonly windowBytes: number;
  readonly roster: Roster;
  readonly listener: RunListener;
  /** Whether what this node produces belongs to it. */
  readonly own: boolean;
  readonly log: Log;
}

/**
 * Keeps a consumer subscribed to every producer that it wants: follows the catalog, pursues each
 * producer in it, and passes on what arrives.
 */
export class ConsumerDriver implements PursuitOwner {
  readonly subscribe: Omit<Subscribe, "entry" | "kind">;
  readonly from: PeerPredicate;
  readonly #init: ConsumerDriverInit;
  readonly #consumed: Counter;
  readonly #consumedBytes: Counter;
  readonly #missed: Counter;
  /** Shows inspectors what passes. */
  readonly sampler: Sampler;
  readonly #pursuits = new Map<PeerId, Pursuit>();
  #me: PeerEntry;
  #items = 0;
  #bytes = 0;
  #gaps = 0;
  /** Attempts that run, and links: attempts and subscriptions. */
  #attempts = 0;
  #links = 0;
  /** Whether a pursuit found no place for an attempt. */
  #crowded = false;
  #closed = false;

  constructor(init: ConsumerDriverInit) {
    const { definition, environment } = init;
    this.#init = init;
    this.#me = environment.discovery.catalog.value.me;
    const { meter } = environment.context;
    this.#consumed = meter.counter(streamsMetrics.itemsConsumed, definition.name);
    this.#consumedBytes = meter.counter(streamsMetrics.bytesConsumed, definition.name);
    this.#missed = meter.counter(streamsMetrics.itemsMissed, definition.name);
    this.from = init.from;
    this.sampler = new Sampler(environment.context.clock, definition);
    this.subscribe = {
      stream: encodeId(definition.id),
      codec: definition.codec.id,
      version: definition.version,
      window: init.windowBytes,
    };
  }

  /** The subscriptions now. */
  get producers(): readonly Subscription[] {
    const stream = this.#init.definition.id;
    return [...this.#pursuits.values()].flatMap(({ subscription }) =>
      subscription === undefined
        ? []
        : [{ stream, peer: subscription.peer, ...subscription.figures }],
    );
  }

  /** Totals over all subscriptions there ever were. */
  get stats(): { readonly items: number; readonly bytes: number; readonly gaps: number } {
    return { items: this.#items, bytes: this.#bytes, gaps: this.#gaps };
  }

  /** Producers in the catalog without a subscription, and why. */
  get refusals(): ReadonlyMap<PeerId, Refusal> {
    const refusals = new Map<PeerId, Refusal>();
    for (const [peer, { refusal }] of this.#pursuits) {
      if (refusal !== undefined) refusals.set(peer, refusal);
    }
    return refusals;
  }

  /** What inspectors are told. */
  describe(): ConsumedStream {
    const { definition, roster } = this.#init;
    const { id: stream, name, codec, version } = definition;
    const producers = this.producers.map(
      ({ stream: _, peer, ...figures }) => [peer, figures] as const,
    );
    return {
      name,
      stream,
      codec: codec.id,
      version,
      sensitive: definition.sensitive ?? false,
      online: roster.online,
      ...this.stats,
      producers: Object.fromEntries(producers),
      refusals: Object.fromEntries(this.refusals),
    };
  }

  /** The catalog may have changed: looks at every producer again. */
  review(): void {
    if (this.#closed) return;
    const { environment, definition } = this.#init;
    const catalog = environment.discovery.catalog.value;
    const changed = !provesTheSame(this.#me, catalog.me);
    this.#me = catalog.me;
    this.#crowded = false;
    const gone = new Set(this.#pursuits.keys());
    const others = catalog.offering("stream.producer", definition.id);
    for (const entry of this.#producesItself() ? [...others, catalog.me] : others) {
      gone.delete(entry.peer);
      const pursuit = this.#pursuits.get(entry.peer) ?? new Pursuit(environment, this, entry);
      this.#pursuits.set(entry.peer, pursuit);
      pursuit.offered(entry, changed);
    }
    for (const peer of gone) this.#pursuits.get(peer)?.withdrawn();
    this.#forget();
    this.#tellRoster();
  }

  /** Ends every subscription. */
  close(): void {
    this.#closed = true;
    this.sampler.close();
    for (const pursuit of this.#pursuits.values()) pursuit.close();
    this.#pursuits.clear();
    this.#tellRoster();
  }

  takePlace(): boolean {
    if (this.#attempts >= attemptsMax || this.#links >= producersMax) {
      this.#crowded = true;
      return false;
    }
    this.#attempts++;
    this.#links++;
    return true;
  }

  accepted(pursuit: Pursuit, link: ProducerLink, sequence: number): void {
    this.#attempts--;
    this.#init.listener.begun(link, sequence);
    this.#init.log.debug("subscribed", { producer: pursuit.info.peer });
    this.#note("stream.connected", pursuit.info.peer);
    this.#placeLeft();
  }

  ended(pursuit: Pursuit, link: ProducerLink): void {
    this.#links--;
    if (link.subscribed) this.#init.listener.ended(link);
    else this.#attempts--;
    const { info, refusal } = pursuit;
    this.#init.log.debug("not subscribed", { producer: info.peer, reason: refusal });
    this.#note("stream.disconnected", info.peer, refusal);
    this.#placeLeft();
  }

  arrived(link: ProducerLink, frames: Uint8Array, items: number, sequence: number): void {
    this.#items += items;
    this.#consumed.add(items);
    const bytes = payloadBytes(frames, items);
    this.#bytes += bytes;
    this.#consumedBytes.add(bytes);
    if (this.sampler.active) this.sampler.take(link.peer, { frames, items }, sequence);
    this.#init.listener.arrived(link, frames, items, sequence);
  }

  missed(link: ProducerLink, items: number | undefined): void {
    this.#countMissed(items ?? 0);
    this.#init.listener.missed(link, items);
  }

  spoiled(link: ProducerLink, error: unknown, items: number): void {
    this.#countMissed(items);
    this.#init.log.warn("an item does not decode", { producer: link.peer, error });
  }

  #note(name: string, producer: PeerId, reason?: string): void {
    const { environment, definition } = this.#init;
    const facts = { stream: definition.name, producer };
    environment.context.diagnostics.note(name, reason === undefined ? facts : { ...facts, reason });
  }

  #producesItself(): boolean {
    const { environment, definition, own } = this.#init;
    const { offers } = environment.discovery.catalog.value.me;
    return own && offers.get("stream.producer")?.has(definition.id) === true;
  }

  #countMissed(items: number): void {
    this.#gaps += items;
    this.#missed.add(items);
  }

  /** A place for an attempt is free again: whoever found none is looked at once more. */
  #placeLeft(): void {
    this.#tellRoster();
    if (this.#crowded) this.#init.environment.context.clock.soon(() => this.review());
  }

  /** Forgets producers that are long gone, those first that were met first. */
  #forget(): void {
    let tooMany = this.#pursuits.size - rememberedMax;
    for (const [peer, { over }] of this.#pursuits) {
      if (tooMany <= 0) return;
      if (over && this.#pursuits.delete(peer)) tooMany--;
    }
  }

  #tellRoster(): void {
    const subscribed = [...this.#pursuits.values()].filter(
      ({ subscription }) => subscription !== undefined,
    );
    const { meter } = this.#init.environment.context;
    meter.gauge(streamsMetrics.producers, this.#init.definition.name).set(subscribed.length);
    this.#init.roster.set(subscribed.map(({ info }) => info));
  }
}
