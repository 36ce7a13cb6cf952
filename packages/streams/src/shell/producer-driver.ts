import type { PeerInfo } from "@mosaik/discovery";
import { frameHeaderBytes, type LinkListener } from "@mosaik/transport";
import { segmentBytes, turnBytesMax, turnItemsMax } from "../config.ts";
import { refusal } from "../core/admission.ts";
import { Allowance, type Space } from "../core/allowance.ts";
import { incarnationName, newIncarnation } from "../core/incarnation.ts";
import { type Lag, spaceLeft, tooSlow } from "../core/lag.ts";
import { withRoundTrip } from "../core/peer-view.ts";
import { SegmentWriter } from "../core/segment-writer.ts";
import { SubscriberQueue } from "../core/subscriber-queue.ts";
import type { StreamIdentity } from "../define-stream.ts";
import type { ProducedStream } from "../diagnostics.ts";
import type { PeerPredicate, SendOutcome, Subscription } from "../streams.ts";
import type { StreamMessage, Subscribe } from "../wire.ts";
import type { StreamsEnvironment } from "./environment.ts";
import { Flushes } from "./flushes.ts";
import { ProducerAccount } from "./producer-account.ts";
import type { StreamLink } from "./reception.ts";
import type { Roster } from "./roster.ts";
import { Sampler } from "./sampler.ts";
import { StallWatch } from "./stall-watch.ts";
import { SubscriberLink, type SubscriberOwner } from "./subscriber-link.ts";

/** What a producer's driver is made of. */
export interface ProducerDriverInit {
  readonly environment: StreamsEnvironment;
  readonly definition: StreamIdentity;
  readonly accept: PeerPredicate | undefined;
  readonly consumersMax: number;
  readonly lag: Lag;
  readonly roster: Roster;
  /** Told when sending has become possible. */
  readonly onReady: () => void;
}

/**
 * Hands the items of a producer to its consumers: framed once, in runs that all of them share, cut
 * when a buffer is full and at the end of each turn.
 */
export class ProducerDriver implements SubscriberOwner {
  readonly #init: ProducerDriverInit;
  readonly #incarnation: Uint8Array;
  readonly #writer = new SegmentWriter(segmentBytes);
  readonly #allowance = new Allowance({ itemsLeft: turnItemsMax, bytesLeft: turnBytesMax });
  readonly #subscribers = new Set<SubscriberLink>();
  readonly #flushes = new Flushes();
  readonly #stall: StallWatch;
  /** Shows inspectors what passes. */
  readonly sampler: Sampler;
  readonly #account: ProducerAccount;
  #sequence = 0;
  #turnOpen = false;
  #open = true;
  #onEmpty: (() => void) | undefined;
  #outcome: SendOutcome = "offline";

  constructor(init: ProducerDriverInit) {
    const { context } = init.environment;
    this.#init = init;
    this.#account = new ProducerAccount(context, init.definition);
    this.#stall = new StallWatch(context.clock);
    this.sampler = new Sampler(context.clock, init.definition);
    this.#incarnation = newIncarnation(context.clock.now(), context.random);
    this.#look();
  }

  /** What would become of an item now. */
  get outcome(): SendOutcome {
    return this.#outcome;
  }

  /** Which run of the producer this is, and the number of its next item. */
  get position(): { readonly incarnation: string; readonly sequence: number } {
    return { incarnation: incarnationName(this.#incarnation), sequence: this.#sequence };
  }

  /** The subscriptions now. */
  get consumers(): readonly Subscription[] {
    const stream = this.#init.definition.id;
    return [...this.#subscribers].map(({ info, queue, uptimeMs }) => {
      const { items, bytes, dropped } = queue;
      return { stream, peer: info.peer, items, bytes, dropped, uptimeMs };
    });
  }

  /** What inspectors are told. */
  describe(): ProducedStream {
    const { definition, lag, roster } = this.#init;
    const { id: stream, name, codec, version } = definition;
    const consumers = [...this.#subscribers].map(({ info, queue, uptimeMs }) => {
      const { items, bytes, dropped, waiting } = queue;
      const waits = { waitingItems: waiting.items, waitingBytes: waiting.bytes };
      return [info.peer, { items, bytes, dropped, uptimeMs, ...waits }] as const;
    });
    return {
      name,
      stream,
      codec: codec.id,
      version,
      sensitive: definition.sensitive ?? false,
      online: roster.online,
      ...this.position,
      lag: { policy: lag.policy, itemsMax: lag.itemsMax, bytesMax: lag.bytesMax },
      consumers: Object.fromEntries(consumers),
      refused: this.#account.refused,
    };
  }

  /** Takes an encoded item, copying it. Only while the {@link outcome} is `sent`. */
  append(item: Uint8Array): void {
    this.#sequence++;
    if (this.#subscribers.size > 0) {
      if (this.#writer.crowded(item.byteLength)) this.#distribute();
      this.#writer.append(item);
    }
    if (!this.#turnOpen) {
      this.#turnOpen = true;
      this.#init.environment.context.clock.soon(() => this.#endTurn());
    }
    if (this.#allowance.spend(frameHeaderBytes + item.byteLength)) return;
    this.#distribute();
    this.#look();
  }

  /** Decides on a consumer. Returns who listens to its link; nobody where it was refused. */
  subscribe(
    link: StreamLink,
    message: Subscribe,
    info: PeerInfo | undefined,
  ): LinkListener<StreamMessage> | undefined {
    const { definition, lag, consumersMax, accept, environment } = this.#init;
    const isOwn = link.peer === environment.context.peer;
    const refused = this.#open
      ? refusal({
          offered: { codec: definition.codec.id, version: definition.version },
          asked: message,
          consumer: info,
          accept: isOwn ? () => true : (accept ?? (() => true)),
          consumers: this.#subscribers.size,
          consumersMax,
        })
      : "not-found";
    if (refused !== undefined || info === undefined) {
      const reason = refused ?? "not-allowed";
      link.close(reason);
      this.#account.refuse(link.peer, reason);
      return undefined;
    }
    this.#distribute();
    const sequence = this.#sequence;
    const subscriber = new SubscriberLink({
      link,
      info,
      queue: new SubscriberQueue({ lag, windowBytes: message.window, sequence }),
      clock: environment.context.clock,
      owner: this,
    });
    this.#subscribers.add(subscriber);
    this.#account.accepted(link.peer);
    link.send({ kind: "accepted", incarnation: this.#incarnation, sequence });
    this.#changed();
    return subscriber;
  }

  /** What is known of the consumers may have changed: asks the predicate again. */
  review(): void {
    if (this.#subscribers.size === 0) return;
    const { environment, accept } = this.#init;
    for (const subscriber of [...this.#subscribers]) {
      const info = environment.discovery.info(subscriber.info.peer);
      if (info === undefined) continue; // not in the catalog now: the last verdict stands
      subscriber.info = withRoundTrip(info, info.rttMs ?? subscriber.rttMs);
      if (accept?.(subscriber.info) === false) subscriber.close("not-allowed");
    }
    this.#changed();
  }

  /** Resolves when what was taken so far has gone to the links of all consumers that are left. */
  flush(signal?: AbortSignal): Promise<void> {
    this.#distribute();
    const flushed = this.#flushes.add(this.#sequence, signal);
    this.#checkFlushes();
    return flushed;
  }

  /** Takes no more items and ends every subscription when its consumer has all, or at the deadline. */
  async close(reason: "done" | "going-away"): Promise<void> {
    const { context, closeDeadlineMs } = this.#init.environment;
    this.#open = false;
    this.sampler.close();
    this.#look();
    this.#distribute();
    for (const subscriber of [...this.#subscribers]) subscriber.finish();
    await new Promise<void>((resolve) => {
      if (this.#subscribers.size === 0) return resolve();
      const deadline = context.clock.after(closeDeadlineMs, resolve);
      this.#onEmpty = () => {
        deadline.cancel();
        resolve();
      };
    });
    for (const subscriber of [...this.#subscribers]) subscriber.close(reason);
  }

  progressed(): void {
    if (this.#outcome === "full") this.#look();
    this.#checkFlushes();
  }

  ended(subscriber: SubscriberLink): void {
    if (!this.#subscribers.delete(subscriber)) return;
    this.#changed();
    this.#checkFlushes();
    if (this.#subscribers.size === 0) this.#onEmpty?.();
  }

  #changed(): void {
    this.#account.consumers(this.#subscribers.size);
    this.#init.roster.set([...this.#subscribers].map(({ info }) => info));
    this.#look();
  }

  #endTurn(): void {
    this.#turnOpen = false;
    this.#distribute();
    this.#account.produced(this.#sequence);
    this.#allowance.newTurn();
    this.#look();
  }

  #distribute(): void {
    const run = this.#writer.cut();
    if (run === undefined) return;
    this.#account.distributed(run);
    if (this.sampler.active) this.sampler.take(undefined, run, this.#sequence - run.items);
    // First to all queues, then out: what ends or resumes meanwhile finds them all alike.
    for (const { queue } of this.#subscribers) queue.push(run);
    for (const subscriber of this.#subscribers) subscriber.pump();
    this.#applyLag();
    this.#checkFlushes();
  }

  #applyLag(): void {
    const { policy } = this.#init.lag;
    if (policy === "drop-oldest") for (const { queue } of this.#subscribers) queue.trim();
    if (policy !== "disconnect") return;
    this.#drop(tooSlow(this.#subscribers));
  }

  #drop(slow: Iterable<SubscriberLink>): void {
    for (const subscriber of slow) {
      this.#account.tooSlow(subscriber.info.peer);
      subscriber.close("too-slow");
    }
  }

  /** Finds out what would become of an item now, and says so where that has become `sent`. */
  #look(): void {
    const { lag, roster, onReady } = this.#init;
    const space = spaceLeft(lag.policy, this.#subscribers);
    this.#allowance.look(space);
    this.#watchStall(space);
    const before = this.#outcome;
    if (!this.#open) this.#outcome = "closed";
    else if (!roster.online) this.#outcome = "offline";
    else this.#outcome = this.#allowance.left ? "sent" : "full";
    if (this.#outcome === "sent" && before !== "sent") onReady();
  }

  /** Where all consumers are full and nothing is dropped, those that take nothing must go. */
  #watchStall(space: Space | undefined): void {
    const blocked = space !== undefined && (space.itemsLeft <= 0 || space.bytesLeft <= 0);
    if (!blocked || this.#init.lag.policy !== "disconnect") return this.#stall.stop();
    this.#stall.start(this.#subscribers, (stalled) => {
      this.#drop(stalled);
      this.#look();
    });
  }

  #checkFlushes(): void {
    this.#flushes.check(() => [...this.#subscribers].map(({ queue }) => queue.position));
  }
}
