import { checkWindow, windowBytesDefault } from "./config.ts";
import type { StreamIdentity } from "./define-stream.ts";
import type { ConsumedStream } from "./diagnostics.ts";
import type { RunConsumer, RunOptions } from "./runs.ts";
import { ConsumerDriver } from "./shell/consumer-driver.ts";
import { guarded, type StreamsEnvironment } from "./shell/environment.ts";
import { Roster } from "./shell/roster.ts";

/** A consumer of encoded items as its user holds it. */
export class RunConsumerHandle implements RunConsumer {
  readonly definition: StreamIdentity;
  readonly #driver: ConsumerDriver;
  readonly #roster: Roster;
  readonly #offer: Disposable;
  readonly #onClose: () => void;
  #closed = false;

  /** `onClose` is called when it closes. */
  constructor(
    environment: StreamsEnvironment,
    definition: StreamIdentity,
    options: RunOptions,
    onClose: () => void,
  ) {
    const { windowBytes = windowBytesDefault, from = () => true, own = false } = options;
    checkWindow(windowBytes);
    const { context, discovery } = environment;
    const log = context.log.child(definition.name);
    this.definition = definition;
    this.#onClose = onClose;
    this.#roster = new Roster({ atLeast: 0 }, log);
    this.#driver = new ConsumerDriver({
      environment,
      definition,
      from: guarded(from, log),
      own,
      windowBytes,
      roster: this.#roster,
      listener: options.listener,
      log,
    });
    this.#offer = discovery.offer("stream.consumer", definition.id);
    this.#driver.review();
  }

  get producers(): RunConsumer["producers"] {
    return this.#driver.producers;
  }

  get refusals(): RunConsumer["refusals"] {
    return this.#driver.refusals;
  }

  get sampler(): ConsumerDriver["sampler"] {
    return this.#driver.sampler;
  }

  /** What inspectors are told. */
  describe(): ConsumedStream {
    return this.#driver.describe();
  }

  review(): void {
    this.#driver.review();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#offer[Symbol.dispose]();
    this.#driver.close();
    this.#roster.close();
  }
}
