import { condition, type PeerId, WatchSource } from "@mosaik/primitives";
import { itemDecoder, nothing, Reader, type StreamDefinition } from "@mosaik/streams";
import { fetchWindowBytes, patienceMsDefault } from "./config.ts";
import type { Position } from "./core/position.ts";
import { type Gap, type Origin, type ReplayDelivery, ReplayInbox } from "./core/replay-inbox.ts";
import type { Start } from "./core/start.ts";
import type { Replay, ReplayFrom, ReplayOptions } from "./replay.ts";
import type { ReplayEnvironment } from "./shell/environment.ts";
import { guarded } from "./shell/guarded.ts";
import { Replayer } from "./shell/replayer.ts";

/** A reader of a stream and its history as its user holds it. */
export class ReplayHandle<Item> implements Replay<Item> {
  readonly definition: StreamDefinition<Item>;
  readonly #inbox: ReplayInbox<Item>;
  readonly #reader: Reader<Item, ReplayDelivery<Item>>;
  readonly #replayer: Replayer;
  readonly #live = new WatchSource(false);
  readonly #onClose: () => void;
  #items = 0;
  #replayed = 0;
  #gaps = 0;
  #closed = false;

  /** `onClose` is called when it closes. */
  constructor(
    environment: ReplayEnvironment,
    definition: StreamDefinition<Item>,
    options: ReplayOptions,
    onClose: () => void,
  ) {
    const { from = "start", producers, keepers = () => true } = options;
    const { patienceMs = patienceMsDefault, windowBytes = fetchWindowBytes, own = false } = options;
    const start = startsOf(from);
    if (!(patienceMs >= 0)) throw new RangeError(`'patienceMs' is from 0 on, not ${patienceMs}`);
    const log = environment.context.log.child(definition.name);
    this.definition = definition;
    this.#onClose = onClose;
    this.#inbox = new ReplayInbox(itemDecoder(definition), (producer, error) => {
      this.#gaps++;
      log.warn("an item does not decode", { producer, error });
    });
    this.#reader = new Reader(this.#inbox);
    this.#replayer = new Replayer({
      environment,
      definition,
      start,
      producers: producers && guarded(producers, log),
      through: guarded(keepers, log),
      own,
      asksItself: true,
      sinceMs: typeof from === "object" && "sinceMs" in from ? from.sinceMs : undefined,
      patienceMs,
      joinsAtOnce: false,
      windowBytes,
      sink: {
        items: (origin, run, came) => this.#arrived(origin, run, came === "kept"),
        gap: (producer, gap) => this.#missed(producer, gap),
        changed: () => this.#live.set(this.#replayer.isLive),
      },
    });
  }

  get position(): Position {
    return this.#inbox.position(this.#replayer.position);
  }

  get lag(): number {
    return this.#replayer.lag + this.#inbox.items;
  }

  get stats(): Replay<Item>["stats"] {
    return { items: this.#items, replayed: this.#replayed, gaps: this.#gaps };
  }

  get when(): Replay<Item>["when"] {
    return { live: (options) => condition(this.#live, (isLive) => isLive, options) };
  }

  tryReceive(): Item | undefined {
    const item = this.#inbox.take();
    return item === nothing ? undefined : item;
  }

  receive(options: { readonly signal?: AbortSignal } = {}): Promise<Item | undefined> {
    return this.#reader.receive(options.signal);
  }

  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return this.#reader.items();
  }

  deliveries(): AsyncIterable<ReplayDelivery<Item>> {
    return { [Symbol.asyncIterator]: () => this.#reader.deliveries() };
  }

  batches(options: { readonly max?: number } = {}): AsyncIterable<readonly Item[]> {
    const { max = 1_024 } = options;
    if (!Number.isInteger(max) || max < 1) {
      throw new RangeError(`'max' is a whole number from 1 on, not ${max}`);
    }
    return { [Symbol.asyncIterator]: () => this.#reader.batches(max) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#replayer.close();
    this.#live.close();
    this.#reader.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #arrived(origin: Origin, run: { frames: Uint8Array; items: number }, wasKept: boolean): void {
    this.#items += run.items;
    if (wasKept) this.#replayed += run.items;
    this.#inbox.push(origin, run);
    this.#reader.arrived();
  }

  #missed(producer: PeerId, gap: Gap): void {
    this.#gaps += (gap.to ?? gap.from) - gap.from;
    this.#inbox.pushGap(producer, gap);
    this.#reader.arrived();
  }
}

/** Where each producer begins. @throws `RangeError` where a number is out of range. */
function startsOf(from: ReplayFrom): (producer: PeerId) => Start {
  if (typeof from === "string") return () => ({ kind: from });
  if ("position" in from) {
    return (producer) => {
      const offset = from.position.get(producer);
      return offset === undefined ? { kind: "start" } : { kind: "at", offset };
    };
  }
  const [[name, value] = ["from", Number.NaN]] = Object.entries(from);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`'${name}' is a whole number from 0 on, not ${value}`);
  }
  if ("offset" in from) return () => ({ kind: "offset", sequence: from.offset });
  if ("last" in from) return () => ({ kind: "last", items: from.last });
  return () => ({ kind: "since", sinceMs: from.sinceMs });
}
