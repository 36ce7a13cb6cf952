import type { Counter, PeerId } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { refusedMax } from "../config.ts";
import { payloadBytes } from "../core/credit.ts";
import type { Run } from "../core/segment-writer.ts";
import type { StreamIdentity } from "../define-stream.ts";
import type { ProducedStream } from "../diagnostics.ts";
import { streamsMetrics } from "../metrics.ts";

/** What is told of a producer: its metrics, its events, and whom it refused. */
export class ProducerAccount {
  readonly #context: ServiceContext;
  readonly #stream: string;
  readonly #items: Counter;
  readonly #bytes: Counter;
  /** The last consumers that were refused: when, and why. */
  readonly #refused = new Map<PeerId, { readonly at: number; readonly reason: string }>();
  #counted = 0;

  constructor(context: ServiceContext, { name }: StreamIdentity) {
    this.#context = context;
    this.#stream = name;
    this.#items = context.meter.counter(streamsMetrics.itemsProduced, name);
    this.#bytes = context.meter.counter(streamsMetrics.bytesProduced, name);
  }

  /** The last consumers that were refused, and why. */
  get refused(): ProducedStream["refused"] {
    return Object.fromEntries(this.#refused);
  }

  /** So many items were produced since the beginning. */
  produced(sequence: number): void {
    this.#items.add(sequence - this.#counted);
    this.#counted = sequence;
  }

  /** A run went to the queues. */
  distributed({ frames, items }: Run): void {
    this.#bytes.add(payloadBytes(frames, items));
  }

  accepted(consumer: PeerId): void {
    this.#refused.delete(consumer);
    this.#note("stream.subscribed", { consumer });
  }

  refuse(consumer: PeerId, reason: string): void {
    this.#refused.delete(consumer);
    this.#refused.set(consumer, { at: this.#context.clock.now(), reason });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > refusedMax && oldest !== undefined) this.#refused.delete(oldest);
    this.#context.meter.counter(streamsMetrics.refusals, reason).add();
    this.#note("stream.refused", { consumer, reason });
  }

  tooSlow(consumer: PeerId): void {
    this.#context.meter.counter(streamsMetrics.tooSlow, this.#stream).add();
    this.#note("stream.too-slow", { consumer });
  }

  consumers(count: number): void {
    this.#context.meter.gauge(streamsMetrics.consumers, this.#stream).set(count);
  }

  #note(name: string, facts: Readonly<Record<string, string>>): void {
    this.#context.diagnostics.note(name, { stream: this.#stream, ...facts });
  }
}
