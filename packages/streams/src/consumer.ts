import { batchItemsDefault, checkWindow, windowBytesDefault } from "./config.ts";
import { Inbox, nothing } from "./core/inbox.ts";
import { itemDecoder } from "./core/item-codec.ts";
import { checkCount } from "./core/subscription-count.ts";
import type { StreamDefinition } from "./define-stream.ts";
import type { ConsumedStream } from "./diagnostics.ts";
import { ConsumerDriver } from "./shell/consumer-driver.ts";
import { guarded, type StreamsEnvironment } from "./shell/environment.ts";
import { InboxListener } from "./shell/inbox-listener.ts";
import { Reader } from "./shell/reader.ts";
import { Roster } from "./shell/roster.ts";
import type { ConsumeOptions, Consumer, Delivery, Subscription } from "./streams.ts";

/** A consumer as its user holds it. */
export class ConsumerHandle<Item> implements Consumer<Item> {
  readonly definition: StreamDefinition<Item>;
  readonly #inbox: Inbox<Item>;
  readonly #reader: Reader<Item, Delivery<Item>>;
  readonly #roster: Roster;
  readonly #driver: ConsumerDriver;
  readonly #offer: Disposable;
  readonly #onClose: () => void;
  #closed = false;

  /** `onClose` is called when it closes. */
  constructor(
    environment: StreamsEnvironment,
    definition: StreamDefinition<Item>,
    options: ConsumeOptions,
    onClose: () => void,
  ) {
    const { from = () => true, onlineWhen = { atLeast: 0 } } = options;
    const { windowBytes = windowBytesDefault } = options;
    checkCount(onlineWhen);
    checkWindow(windowBytes);
    const { context, discovery } = environment;
    const log = context.log.child(definition.name);
    this.definition = definition;
    this.#onClose = onClose;
    this.#inbox = new Inbox(itemDecoder(definition));
    this.#reader = new Reader(this.#inbox);
    this.#roster = new Roster(onlineWhen, log);
    this.#driver = new ConsumerDriver({
      environment,
      definition,
      from: guarded(from, log),
      windowBytes,
      roster: this.#roster,
      own: false,
      listener: new InboxListener(this.#inbox, () => this.#reader.arrived()),
      log,
    });
    this.#offer = discovery.offer("stream.consumer", definition.id);
    this.#driver.review();
  }

  get online(): boolean {
    return this.#roster.online;
  }

  get producers(): readonly Subscription[] {
    return this.#driver.producers;
  }

  get stats(): Consumer<Item>["stats"] {
    return this.#driver.stats;
  }

  get refusals(): Consumer<Item>["refusals"] {
    return this.#driver.refusals;
  }

  get when(): Consumer<Item>["when"] {
    return this.#roster.when;
  }

  get sampler(): ConsumerDriver["sampler"] {
    return this.#driver.sampler;
  }

  /** What inspectors are told. */
  describe(): ConsumedStream {
    return this.#driver.describe();
  }

  /** The catalog changed. */
  review(): void {
    this.#driver.review();
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

  deliveries(): AsyncIterable<Delivery<Item>> {
    return { [Symbol.asyncIterator]: () => this.#reader.deliveries() };
  }

  batches(options: { readonly max?: number } = {}): AsyncIterable<readonly Item[]> {
    const { max = batchItemsDefault } = options;
    if (!Number.isInteger(max) || max < 1) {
      throw new RangeError(`'max' is a whole number from 1 on, not ${max}`);
    }
    return { [Symbol.asyncIterator]: () => this.#reader.batches(max) };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#offer[Symbol.dispose]();
    this.#driver.close();
    this.#roster.close();
    this.#reader.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
