import { type Condition, condition, type PeerId, WatchSource } from "@mosaik/primitives";
import { framesCost, type PeerPredicate, type StreamIdentity } from "@mosaik/streams";
import { browseLimits } from "../config.ts";
import type { KeeperInsight } from "../diagnostics.ts";
import type { BlockRoom } from "./block-storage.ts";
import { keepDefaults, keeperPatienceMs, keeperWindowBytes } from "./config.ts";
import type { SourceSummary } from "./core/history.ts";
import { type Position, reaches } from "./core/position.ts";
import type { Origin } from "./core/replay-inbox.ts";
import type { Start } from "./core/start.ts";
import type { Keeper, KeeperStatus, KeepOptions } from "./replay.ts";
import { Archive } from "./shell/archive.ts";
import type { Desk } from "./shell/desk.ts";
import type { ReplayEnvironment } from "./shell/environment.ts";
import { Replayer } from "./shell/replayer.ts";

/** A keeper as its user holds it. */
export class KeeperHandle implements Keeper {
  readonly stream: StreamIdentity;
  readonly #environment: ReplayEnvironment;
  readonly #archive: Archive;
  readonly #replayer: Replayer;
  readonly #serving: Disposable;
  readonly #status: WatchSource<KeeperStatus>;
  readonly #position = new WatchSource<Position>(new Map());
  readonly #onClose: () => void;
  #isTelling = false;
  #closing: Promise<void> | undefined;

  /** `onClose` is called when closing begins. */
  constructor(
    environment: ReplayEnvironment,
    desk: Desk,
    stream: StreamIdentity,
    options: KeepOptions & { readonly room: BlockRoom | undefined },
    onClose: () => void,
  ) {
    const { context } = environment;
    const limits = checkLimits(options);
    this.stream = stream;
    this.#environment = environment;
    this.#onClose = onClose;
    this.#archive = new Archive({
      limits,
      room: options.room,
      clock: context.clock,
      log: context.log.child(stream.name),
      onChange: () => this.#tellSoon(),
      onFailure: (error) => this.#fail(error),
    });
    this.#status = new WatchSource<KeeperStatus>({
      ...this.#figures(),
      state: "keeping",
      durability: options.storage?.durable === true ? "fsync" : "memory",
      error: undefined,
    });
    const kept = this.#archive.history.ends;
    const first = firstOf(options, context.clock.now());
    this.#replayer = new Replayer({
      environment,
      definition: stream,
      start: (producer) => {
        const offset = kept.get(producer);
        return offset === undefined ? first : { kind: "at", offset };
      },
      ...wantedBy(options.producers ?? "all", context.peer),
      through: () => options.backfills !== false,
      asksItself: false,
      sinceMs: first.kind === "since" ? first.sinceMs : undefined,
      patienceMs: keeperPatienceMs,
      joinsAtOnce: true,
      windowBytes: keeperWindowBytes,
      sink: {
        items: (origin, run, _, atMs) => this.#keep(origin, run, atMs),
        gap: () => this.#tellSoon(),
        changed: () => {},
      },
    });
    this.#serving = desk.keep(stream, this.#archive, options.accept);
  }

  get status(): Keeper["status"] {
    return this.#status;
  }

  get position(): Position {
    return new Map([...this.#archive.history.ends, ...this.#replayer.position]);
  }

  get when(): Keeper["when"] {
    return {
      reaches: (wanted, options): Condition =>
        condition(this.#position, () => reaches(this.position, wanted), options),
    };
  }

  /** What inspectors are told. */
  get insight(): KeeperInsight {
    const { state, durability } = this.#status.value;
    const latest = new Map<PeerId, SourceSummary>();
    for (const run of this.#archive.history.summary()) {
      const known = latest.get(run.producer);
      if (known === undefined || known.incarnation < run.incarnation) latest.set(run.producer, run);
    }
    const told = [...latest].slice(0, browseLimits.producersMax);
    return {
      ...this.#figures(),
      stream: this.stream.name,
      state,
      durability,
      producers: latest.size,
      kept: Object.fromEntries(told.map(([peer, { producer: _, ...run }]) => [peer, run])),
    };
  }

  flush(): Promise<void> {
    return this.#archive.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #keep(origin: Origin, run: { frames: Uint8Array; items: number }, atMs: number): void {
    const { producer, incarnation, sequence } = origin;
    if (incarnation === undefined) return;
    this.#archive.append(producer, { incarnation, sequence }, run, atMs);
    const cost = framesCost(run.frames, run.items);
    this.#archive.whenRoom(() => origin.taken(cost));
  }

  /** Once for all that happens in a turn. */
  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#environment.context.clock.soon(() => {
      this.#isTelling = false;
      this.#status.set({ ...this.#status.value, ...this.#figures() });
      this.#position.set(this.position);
    });
  }

  #figures(): Pick<KeeperStatus, "items" | "bytes" | "damagedBlocks"> {
    const { history, damaged } = this.#archive;
    return { items: history.items, bytes: history.bytes, damagedBlocks: damaged };
  }

  #fail(error: unknown): void {
    const { log } = this.#environment.context;
    log.error("the history of a stream is no longer kept", { stream: this.stream.name, error });
    this.#status.set({ ...this.#status.value, state: "failed", error });
    this.#replayer.close();
    this.#serving[Symbol.dispose]();
  }

  async #end(): Promise<void> {
    this.#replayer.close();
    this.#serving[Symbol.dispose]();
    this.#onClose();
    await this.#archive.close();
    const { state } = this.#status.value;
    const last = state === "failed" ? state : "closed";
    this.#status.set({ ...this.#status.value, ...this.#figures(), state: last });
    this.#status.close();
    this.#position.close();
  }
}

/** @throws `RangeError` where a limit is out of range. */
export function checkLimits(options: KeepOptions): { items: number; bytes: number; ageMs: number } {
  const { items, bytes, ageMs } = { ...keepDefaults, ...options };
  for (const [name, value] of Object.entries({ items, bytes, ageMs })) {
    if (!(value >= 1)) throw new RangeError(`'${name}' is a number from 1 on, not ${value}`);
  }
  return { items, bytes, ageMs };
}

/** From where on a keeper that has nothing yet takes over what others have. */
function firstOf({ items, ageMs }: KeepOptions, now: number): Start {
  if (items !== undefined) return { kind: "last", items };
  if (ageMs !== undefined) return { kind: "since", sinceMs: now - ageMs };
  return { kind: "start" };
}

function wantedBy(
  producers: "own" | "all" | PeerPredicate,
  self: string,
): { readonly producers: PeerPredicate | undefined; readonly own: boolean } {
  if (producers === "all") return { producers: undefined, own: true };
  if (producers === "own") return { producers: ({ peer }) => peer === self, own: true };
  return { producers, own: true };
}
