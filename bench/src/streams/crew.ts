import type { Arrived } from "./arrivals.ts";
import type { BenchCase } from "./cases.ts";
import { Child } from "./child.ts";
import type { Sent } from "./pump.ts";
import type { SideName } from "./side.ts";

/** One run of one side. */
export interface Run {
  readonly sent: Sent;
  readonly arrived: readonly Arrived[];
}

/** The processes of one side: a producer and its consumers. */
export class Crew {
  readonly side: SideName;
  readonly #broker: string;
  readonly #producer: Child;
  readonly #consumers: readonly Child[];

  constructor(side: SideName, init: { consumers: number; broker: string; profile?: string }) {
    this.side = side;
    this.#broker = init.broker;
    this.#producer = new Child(side, "producer", init.profile);
    this.#consumers = Array.from(
      { length: init.consumers },
      (_, index) => new Child(side, `consumer-${index + 1}`, init.profile),
    );
  }

  /** Waits until the processes have loaded what they need. */
  async loaded(): Promise<void> {
    await Promise.all(
      [this.#producer, ...this.#consumers].map((child) => child.call("hello", null)),
    );
  }

  /** Connects everybody; answers how many bytes an item has. */
  async open(bench: BenchCase): Promise<number> {
    const broker = this.#broker;
    const { address, itemBytes } = await this.#producer.call("produce", { bench, broker });
    await this.#each((consumer) => consumer.call("consume", { bench, broker, address }));
    await this.#producer.call("ready", null);
    return itemBytes;
  }

  /** Sends as fast as the slowest consumer takes it. */
  pump(durationMs: number): Promise<Run> {
    return this.#run(this.#producer.call("pump", { durationMs }));
  }

  /** Sends at a steady rate. */
  pace(durationMs: number, itemsPerSecond: number): Promise<Run> {
    return this.#run(this.#producer.call("pace", { durationMs, itemsPerSecond }));
  }

  /** Disconnects everybody. */
  async close(): Promise<void> {
    await this.#each((consumer) => consumer.call("close", null));
    await this.#producer.call("close", null);
  }

  /** Ends the processes. */
  async stop(): Promise<void> {
    await Promise.all([this.#producer, ...this.#consumers].map((child) => child.stop()));
  }

  async #run(sending: Promise<Sent>): Promise<Run> {
    const [sent, arrived] = await Promise.all([
      sending,
      this.#each((consumer) => consumer.call("arrived", null)),
    ]);
    for (const { items, timedUs } of arrived) {
      if (items === sent.items && timedUs.length === sent.timedUs.length) continue;
      throw new Error(`${this.side}: ${sent.items} items were sent, ${items} arrived`);
    }
    return { sent, arrived };
  }

  #each<Answer>(ask: (consumer: Child) => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(this.#consumers.map(ask));
  }
}
