import type { Discovery, PeerInfo } from "@mosaik/discovery";
import { decodeId, type StreamId } from "@mosaik/primitives";
import type { LinkListener, ServiceFactory } from "@mosaik/transport";
import { closeDeadlineMsDefault, retryDefaults, type StreamsOptions } from "./config.ts";
import { ConsumerHandle } from "./consumer.ts";
import { withRoundTrip } from "./core/peer-view.ts";
import type { StreamDefinition, StreamIdentity } from "./define-stream.ts";
import { StreamError } from "./errors.ts";
import { ProducerHandle } from "./producer.ts";
import { RunConsumerHandle } from "./run-consumer.ts";
import type { RunConsumer, RunOptions } from "./runs.ts";
import type { StreamsEnvironment } from "./shell/environment.ts";
import { describeStreams, type InspectedConsumer } from "./shell/insight.ts";
import { Reception, type StreamLink } from "./shell/reception.ts";
import type { ConsumeOptions, Consumer, ProduceOptions, Producer, Streams } from "./streams.ts";
import { version } from "./version.ts";
import { type StreamMessage, StreamProtocol, type Subscribe } from "./wire.ts";

/**
 * Typed publish/subscribe between nodes that find each other, for `createNetwork`.
 *
 * @throws `RangeError` where an option is negative or no number.
 * @example
 * ```ts
 * import { streams } from "@mosaik/streams";
 *
 * console.log(streams().needs); // [ 'discovery' ]
 * ```
 */
export function streams(
  options: StreamsOptions = {},
): ServiceFactory<Streams, { discovery: Discovery }> {
  const { closeDeadlineMs = closeDeadlineMsDefault, retry = {} } = options;
  for (const [name, value] of Object.entries({ closeDeadlineMs, ...retry })) {
    if (!(value >= 0)) throw new RangeError(`'${name}' is a number from 0 on, not ${value}`);
  }
  const settings = { closeDeadlineMs, retry: { ...retryDefaults, ...retry } };
  return {
    package: { name: "@mosaik/streams", version },
    needs: ["discovery"],
    create: (context, { discovery }) => new StreamsService({ context, discovery, ...settings }),
  };
}

type OwnedProducer = Pick<ProducerHandle<unknown>, "definition" | "driver" | "end" | "trySend">;
type OwnedConsumer = InspectedConsumer & { review(): void; close(): void | Promise<void> };

class StreamsService implements Streams {
  readonly #environment: StreamsEnvironment;
  readonly #producers = new Map<StreamId, OwnedProducer>();
  /** The consumers, and the number of each: what tells them apart for inspectors. */
  readonly #consumers = new Map<OwnedConsumer, number>();
  #numbered = 0;
  readonly #endings = new Set<Promise<void>>();
  readonly #serving: Disposable;
  readonly #watching: Disposable;
  #reviewing = false;
  #closing: Promise<void> | undefined;

  constructor(environment: StreamsEnvironment) {
    const { context, discovery } = environment;
    const reception = new Reception(context.clock, (link, message) =>
      this.#subscribe(link, message),
    );
    this.#environment = environment;
    this.#serving = context.serve(StreamProtocol, (link) => reception.accept(link));
    describeStreams(context, this.#producers, this.#consumers);
    this.#watching = discovery.catalog.subscribe(() => this.#reviewSoon());
  }

  produce<Item>(definition: StreamDefinition<Item>, options: ProduceOptions = {}): Producer<Item> {
    this.#checkOpen();
    const { id, name } = definition;
    const present = this.#producers.get(id);
    if (present !== undefined) {
      const data = { producer: present };
      throw new StreamError("STREAM_EXISTS", `'${name}' is produced here already`, { data });
    }
    const producer = new ProducerHandle(this.#environment, definition, options, (ending) => {
      this.#producers.delete(id);
      this.#endings.add(ending);
      void ending.then(() => this.#endings.delete(ending));
    });
    this.#producers.set(id, producer);
    return producer;
  }

  consume<Item>(definition: StreamDefinition<Item>, options: ConsumeOptions = {}): Consumer<Item> {
    this.#checkOpen();
    const consumer = new ConsumerHandle(this.#environment, definition, options, () =>
      this.#consumers.delete(consumer),
    );
    this.#consumers.set(consumer, ++this.#numbered);
    return consumer;
  }

  consumeRuns(definition: StreamIdentity, options: RunOptions): RunConsumer {
    this.#checkOpen();
    const consumer = new RunConsumerHandle(this.#environment, definition, options, () =>
      this.#consumers.delete(consumer),
    );
    this.#consumers.set(consumer, ++this.#numbered);
    return consumer;
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#watching[Symbol.dispose]();
    for (const consumer of [...this.#consumers.keys()]) void consumer.close();
    for (const producer of [...this.#producers.values()]) void producer.end("going-away");
    await Promise.all(this.#endings);
    this.#serving[Symbol.dispose]();
  }

  #subscribe(link: StreamLink, message: Subscribe): LinkListener<StreamMessage> | undefined {
    const producer = this.#producers.get(decodeId<StreamId>(message.stream));
    if (producer === undefined) {
      link.close("not-found");
      return undefined;
    }
    return producer.driver.subscribe(link, message, this.#introduced(link, message));
  }

  /** What is known of a consumer, the entry that it brought included. */
  #introduced(link: StreamLink, message: Subscribe): PeerInfo | undefined {
    const { discovery, context } = this.#environment;
    if (link.peer === context.peer) return withRoundTrip(discovery.catalog.value.me, 0);
    const fed = discovery.feed(message.entry);
    if (!fed.ok) context.log.debug("a consumer's entry is no news", { error: fed.error });
    const info = discovery.info(link.peer);
    return info === undefined ? undefined : withRoundTrip(info, info.rttMs ?? link.rttMs);
  }

  /** Once for all changes of a turn: they come in bursts. */
  #reviewSoon(): void {
    if (this.#reviewing) return;
    this.#reviewing = true;
    this.#environment.context.clock.soon(() => this.#review());
  }

  #review(): void {
    this.#reviewing = false;
    for (const producer of this.#producers.values()) producer.driver.review();
    for (const consumer of this.#consumers.keys()) consumer.review();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined)
      throw new StreamError("STREAM_CLOSED", "the streams service is closed");
  }
}
