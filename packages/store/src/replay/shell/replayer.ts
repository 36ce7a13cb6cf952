import type { PeerId } from "@mosaik/primitives";
import type {
  PeerPredicate,
  RunConsumer,
  RunListener,
  RunSource,
  StreamIdentity,
} from "@mosaik/streams";
import { framesCost } from "@mosaik/streams";
import { withoutFirst } from "../core/frames.ts";
import { lagOf } from "../core/lag.ts";
import type { Offset, Position } from "../core/position.ts";
import type { Start } from "../core/start.ts";
import type { Step } from "../core/step.ts";
import { Track } from "../core/track.ts";
import type { ReplayEnvironment } from "./environment.ts";
import { greetingRequest, isGreeter } from "./greeting-request.ts";
import { KeeperPool } from "./keeper-pool.ts";
import type { ReplaySink } from "./replay-sink.ts";
import type { Tracked } from "./tracked.ts";

/** What a replayer is made of. */
export interface ReplayerInit {
  readonly environment: ReplayEnvironment;
  readonly definition: StreamIdentity;
  readonly start: (producer: PeerId) => Start;
  /** Which producers of the catalog; `undefined`: all, those that are gone too. */
  readonly producers: PeerPredicate | undefined;
  readonly through: PeerPredicate;
  /** Whether this node's own items belong to it. */
  readonly own: boolean;
  /** Whether this node's own history is asked. */
  readonly asksItself: boolean;
  readonly sinceMs: number | undefined;
  readonly patienceMs: number;
  readonly joinsAtOnce: boolean;
  readonly windowBytes: number;
  readonly sink: ReplaySink;
}

/** Brings the items of all producers of a stream, kept and live, to one sink. */
export class Replayer implements RunListener {
  readonly #init: ReplayerInit;
  readonly #pool: KeeperPool;
  readonly #tracks = new Map<PeerId, Tracked>();
  readonly #runs: RunConsumer;
  readonly #watching: Disposable;
  readonly #current = new Set<RunSource>();
  #isReviewing = false;
  #closed = false;

  constructor(init: ReplayerInit) {
    this.#init = init;
    const { environment, definition, through, asksItself, windowBytes, sinceMs } = init;
    const { context, discovery, streams } = environment;
    this.#pool = new KeeperPool({
      environment,
      definition,
      through,
      own: asksItself,
      windowBytes,
      since: sinceMs,
      onChange: () => this.#indexed(),
    });
    if (this.#pool.review()) this.#pool.look();
    this.#runs = streams.consumeRuns(definition, {
      listener: this,
      own: init.own,
      windowBytes,
      from: (peer) =>
        init.producers?.(peer) !== false && this.#of(peer.peer).track.wantsLive && !this.#closed,
    });
    this.#watching = discovery.catalog.subscribe(() => this.#reviewSoon());
    // Who is in the catalog has a track by now: the predicate was asked.
    context.clock.soon(() => this.#advanceAll());
  }

  /** For each producer, the place of the next item that will be handed over. */
  get position(): Position {
    const position = new Map<PeerId, Offset>();
    for (const [producer, { track }] of this.#tracks) {
      if (track.next !== undefined) position.set(producer, track.next);
    }
    return position;
  }

  /** Items that are known to have been sent and were not handed over. */
  get lag(): number {
    const { known } = this.#pool;
    return [...this.#tracks.values()].reduce((all, { track }) => all + lagOf(track, known), 0);
  }

  /** Whether every producer that is there is live, and there is one. */
  get isLive(): boolean {
    const present = this.#runs.producers;
    return present.length > 0 && present.every(({ peer }) => this.#tracks.get(peer)?.isLive);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watching[Symbol.dispose]();
    for (const { timer } of this.#tracks.values()) timer?.cancel();
    this.#pool.close();
    this.#runs.close();
  }

  begun(source: RunSource, sequence: number): void {
    this.#current.add(source);
    const tracked = this.#of(source.peer);
    tracked.track.begun(source.incarnation, sequence);
    this.#advance(tracked);
  }

  arrived(source: RunSource, frames: Uint8Array, items: number, sequence: number): void {
    const tracked = this.#of(source.peer);
    const { incarnation } = source;
    tracked.track.arrived({ source, incarnation, sequence, frames, items });
    this.#advance(tracked);
  }

  missed(source: RunSource, items: number | undefined): void {
    if (!this.#current.has(source) || items === undefined) return; // `begun` says it all
    const tracked = this.#of(source.peer);
    tracked.track.missed(items);
    this.#advance(tracked);
  }

  ended(source: RunSource): void {
    this.#current.delete(source);
    const tracked = this.#of(source.peer);
    tracked.track.ended();
    this.#advance(tracked);
  }

  #of(producer: PeerId): Tracked {
    const known = this.#tracks.get(producer);
    if (known !== undefined) return known;
    const { patienceMs, joinsAtOnce, start } = this.#init;
    const now = this.#now();
    const track = new Track<RunSource>({
      producer,
      start: start(producer),
      patienceMs,
      joinsAtOnce,
      now,
    });
    const tracked: Tracked = {
      track,
      timer: undefined,
      wantedLive: track.wantsLive,
      isLive: false,
      isBusy: false,
    };
    this.#tracks.set(producer, tracked);
    return tracked;
  }

  #reviewSoon(): void {
    if (this.#isReviewing) return;
    this.#isReviewing = true;
    this.#init.environment.context.clock.soon(() => {
      this.#isReviewing = false;
      if (this.#closed) return;
      if (this.#pool.review()) this.#pool.look();
      this.#runs.review();
      this.#advanceAll();
      this.#init.sink.changed();
    });
  }

  /** A keeper said what it has, or failed. */
  #indexed(): void {
    if (this.#init.producers === undefined) {
      const { peer } = this.#init.environment.context;
      for (const producer of this.#pool.known.producers) {
        if (producer !== peer || this.#init.own) this.#of(producer);
      }
    }
    this.#advanceAll();
  }

  #advanceAll(): void {
    for (const tracked of this.#tracks.values()) this.#advance(tracked);
  }

  /** Does what there is to do for a producer. */
  #advance(tracked: Tracked): void {
    if (tracked.isBusy || this.#closed) return; // whoever is at it goes on
    tracked.isBusy = true;
    tracked.timer?.cancel();
    for (;;) {
      const step = tracked.track.step(this.#now(), this.#pool.known);
      if (step.do === "rest") {
        this.#rest(tracked, step.until);
        break;
      }
      this.#do(tracked, step);
    }
    tracked.isBusy = false;
    const { wantsLive, isLive } = tracked.track;
    if (wantsLive !== tracked.wantedLive) {
      tracked.wantedLive = wantsLive;
      this.#reviewSoon();
    }
    if (isLive !== tracked.isLive) {
      tracked.isLive = isLive;
      this.#init.sink.changed();
    }
  }

  #rest(tracked: Tracked, until: number): void {
    if (until === Number.POSITIVE_INFINITY) return;
    const { clock } = this.#init.environment.context;
    const ms = Math.max(1, until - clock.monotonic());
    tracked.timer = clock.after(ms, () => this.#advance(tracked));
  }

  #do(tracked: Tracked, step: Exclude<Step<RunSource>, { do: "rest" }>): void {
    switch (step.do) {
      case "deliver":
        return this.#deliver(step);
      case "gap": {
        const { incarnation, from, to, reason } = step;
        return this.#init.sink.gap(tracked.track.producer, { incarnation, from, to, reason });
      }
      case "fetch":
        return this.#fetch(tracked, step);
      case "look":
        return this.#pool.look();
      case "greet":
        return this.#greet(tracked);
    }
  }

  #deliver({ run, skip }: Step<RunSource> & { do: "deliver" }): void {
    const { source, incarnation, sequence } = run;
    const rest = withoutFirst(run, skip);
    const passed = run.frames.byteLength - rest.frames.byteLength;
    if (skip > 0) source.taken(framesCost(run.frames.subarray(0, passed), skip));
    if (rest.items === 0) return;
    const origin = {
      producer: source.peer,
      incarnation,
      sequence: sequence + skip,
      taken: (cost: number) => source.taken(cost),
    };
    this.#init.sink.items(origin, rest, "live", this.#init.environment.context.clock.now());
  }

  #fetch(tracked: Tracked, step: Step<RunSource> & { do: "fetch" }): void {
    const { track } = tracked;
    const { producer } = track;
    const { keeper, incarnation, from, to } = step;
    const asked = this.#pool.ask(keeper, {
      kind: "fetch",
      producer,
      incarnation,
      from,
      to,
      items: (run, atMs, taken) => {
        const sequence = track.next?.sequence ?? 0;
        if (!track.fetched(run.items)) return false;
        this.#init.sink.items({ producer, incarnation, sequence, taken }, run, "kept", atMs);
        return true;
      },
      gap: (end) => {
        const isDue = track.lacks(end);
        if (isDue) this.#advance(tracked);
        return isDue;
      },
      ended: () => {
        const came = track.fetchEnded();
        this.#advance(tracked);
        return came;
      },
    });
    if (asked) return;
    this.#pool.known.failed(keeper);
    track.fetchEnded();
  }

  #greet(tracked: Tracked): void {
    const { track } = tracked;
    const { producer } = track;
    const { environment, definition, sink } = this.#init;
    if (!isGreeter(environment, definition, producer)) return track.greetingFailed(false);
    const request = greetingRequest(producer, sink, environment.context.clock, (place) => {
      if (place === undefined) track.greetingFailed(true);
      else track.greeted(place);
      this.#advance(tracked);
    });
    const asked = this.#pool.ask(producer, request);
    if (!asked) track.greetingFailed(true);
  }

  #now(): number {
    return this.#init.environment.context.clock.monotonic();
  }
}
