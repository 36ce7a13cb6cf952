import { Child } from "../processes/child.ts";
import type { Arrived } from "./arrivals.ts";
import type { Calls } from "./calls.ts";
import type { BenchCase } from "./cases.ts";
import type { Sent } from "./pump.ts";
import type { SideName } from "./side.ts";

const program = new URL("./worker.ts", import.meta.url);

/** One run of one side. */
export interface Run {
  readonly sent: Sent;
  readonly arrived: readonly Arrived[];
}

/** The processes of one side: a producer and its consumers. */
export class Crew {
  readonly side: SideName;
  readonly #broker: string;
  readonly #producer: Child<Calls>;
  readonly #consumers: readonly Child<Calls>[];

  constructor(side: SideName, init: { consumers: number; broker: string; profile?: string }) {
    this.side = side;
    this.#broker = init.broker;
    const start = (role: string): Child<Calls> =>
      new Child({ program, side, role, profile: init.profile });
    this.#producer = start("producer");
    this.#consumers = Array.from({ length: init.consumers }, (_, at) =>
      start(`consumer-${at + 1}`),
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

  #each<Answer>(ask: (consumer: Child<Calls>) => Promise<Answer>): Promise<Answer[]> {
    return Promise.all(this.#consumers.map(ask));
  }
}
