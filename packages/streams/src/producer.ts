import { consumersMaxDefault, lagDefaults } from "./config.ts";
import { type EncodeItem, itemEncoder } from "./core/item-codec.ts";
import type { Lag } from "./core/lag.ts";
import { checkCount } from "./core/subscription-count.ts";
import type { StreamDefinition } from "./define-stream.ts";
import { StreamError } from "./errors.ts";
import { guarded, type StreamsEnvironment } from "./shell/environment.ts";
import { ProducerDriver } from "./shell/producer-driver.ts";
import { Roster } from "./shell/roster.ts";
import { WaitingSends } from "./shell/waiting-sends.ts";
import type { LagOptions, ProduceOptions, Producer, SendOutcome, Subscription } from "./streams.ts";

const sent = Promise.resolve();

/** A producer as its user holds it. */
export class ProducerHandle<Item> implements Producer<Item> {
  readonly definition: StreamDefinition<Item>;
  readonly driver: ProducerDriver;
  readonly #encode: EncodeItem<Item>;
  readonly #roster: Roster;
  readonly #waiting = new WaitingSends<Item>();
  readonly #offer: Disposable;
  readonly #onClose: (ending: Promise<void>) => void;
  #closing: Promise<void> | undefined;

  /** `onClose` is called when closing begins, with when it ends. */
  constructor(
    environment: StreamsEnvironment,
    definition: StreamDefinition<Item>,
    options: ProduceOptions,
    onClose: (ending: Promise<void>) => void,
  ) {
    const { maxConsumers = consumersMaxDefault, onlineWhen = {}, accept } = options;
    const lag = checkLag(options.lag ?? {});
    checkWhole("maxConsumers", maxConsumers, 0);
    checkCount(onlineWhen);
    const { context, discovery } = environment;
    const log = context.log.child(definition.name);
    this.definition = definition;
    this.#encode = itemEncoder(definition);
    this.#onClose = onClose;
    this.#roster = new Roster(onlineWhen, log);
    this.driver = new ProducerDriver({
      environment,
      definition,
      accept: accept === undefined ? undefined : guarded(accept, log),
      consumersMax: maxConsumers,
      lag,
      roster: this.#roster,
      onReady: () => this.#release(),
    });
    this.#offer = discovery.offer("stream.producer", definition.id);
  }

  get online(): boolean {
    return this.#roster.online;
  }

  get position(): Producer<Item>["position"] {
    return this.driver.position;
  }

  get consumers(): readonly Subscription[] {
    return this.driver.consumers;
  }

  get when(): Producer<Item>["when"] {
    return this.#roster.when;
  }

  trySend(item: Item): SendOutcome {
    const { outcome } = this.driver;
    if (outcome !== "sent") return outcome;
    if (!this.#waiting.empty) return "full";
    this.driver.append(this.#encode(item));
    return "sent";
  }

  send(item: Item, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    try {
      signal?.throwIfAborted();
      if (this.driver.outcome === "closed") throw closedError(item);
      const bytes = this.#encode(item);
      if (this.driver.outcome === "sent" && this.#waiting.empty) {
        this.driver.append(bytes);
        return sent;
      }
      if (this.#waiting.full) throw fullError(item);
      return this.#waiting.add(item, bytes, signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  flush(options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    return this.driver.flush(options.signal);
  }

  close(): Promise<void> {
    return this.end("done");
  }

  /** Closes it, telling the consumers why. */
  end(reason: "done" | "going-away"): Promise<void> {
    if (this.#closing === undefined) {
      this.#closing = this.driver.close(reason);
      this.#onClose(this.#closing);
      this.#offer[Symbol.dispose]();
      this.#roster.close();
      this.#waiting.fail(closedError);
    }
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #release(): void {
    this.#waiting.release((bytes) => {
      if (this.driver.outcome !== "sent") return false;
      this.driver.append(bytes);
      return true;
    });
  }
}

function checkLag(options: LagOptions): Lag {
  const lag = { ...lagDefaults, ...options };
  checkWhole("lag.itemsMax", lag.itemsMax, 1);
  checkWhole("lag.bytesMax", lag.bytesMax, 1);
  if (!["disconnect", "drop-oldest", "wait"].includes(lag.policy)) {
    throw new RangeError(`'${lag.policy}' is no lag policy`);
  }
  return lag;
}

/** @throws `RangeError` where the value is not a whole number of at least `min`. */
function checkWhole(name: string, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RangeError(`'${name}' is a whole number from ${min} on, not ${value}`);
  }
}

function closedError(item: unknown): StreamError {
  return new StreamError("STREAM_CLOSED", "the producer is closed", { data: { item } });
}

function fullError(item: unknown): StreamError {
  const message = "too many sends wait: await them";
  return new StreamError("STREAM_FULL", message, { retryable: true, data: { item } });
}
