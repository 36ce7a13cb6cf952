import { randomUUID } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import type { Load } from "../load.ts";
import type { Sender, Side } from "../side.ts";

const itemsSubject = "items";
const takenSubject = "taken";

/** What may be on the way to a consumer: NATS drops what a consumer does not keep up with. */
const windowBytes = 4 * 1024 * 1024;
/** How many bytes the producer gives to its client, which knows no backpressure, in one turn. */
const turnBytes = 64 * 1024;

/** NATS: its JavaScript client on both sides of its server, plain TCP, core publish/subscribe. */
export const natsSide: Side = {
  async produce({ load, consumers, broker }) {
    const nats = await connect({ servers: broker });
    const sender = new NatsSender(nats, { load, consumers, address: broker });
    await nats.flush();
    return sender;
  },

  async consume({ load }, address, arrivals) {
    const nats = await connect({ servers: address });
    const id = randomUUID();
    const every = Math.ceil(windowItems(load) / 4);
    let taken = 0;
    const tell = (): void => nats.publish(takenSubject, JSON.stringify({ id, taken }));
    nats.subscribe(itemsSubject, {
      callback: (error, message) => {
        if (error !== null) return arrivals.fail(error.message);
        load.receivedBytes(message.data, 0, message.data.byteLength, arrivals);
        if (++taken % every === 0) tell();
      },
    });
    tell();
    await nats.flush();
    return { close: () => nats.close() };
  },
};

function windowItems(load: Load): number {
  return Math.max(8, Math.floor(windowBytes / load.itemBytes));
}

/** Publishes items, each consumer at most a window behind. */
class NatsSender implements Sender {
  readonly address: string;
  readonly #nats: NatsConnection;
  readonly #load: Load;
  readonly #consumers: number;
  readonly #windowItems: number;
  readonly #turnItems: number;
  readonly #taken = new Map<string, number>();
  #sent = 0;
  #inTurn = 0;
  #leastTaken = 0;
  #wake: (() => void) | undefined;

  constructor(nats: NatsConnection, init: { load: Load; consumers: number; address: string }) {
    this.#nats = nats;
    this.address = init.address;
    this.#load = init.load;
    this.#consumers = init.consumers;
    this.#windowItems = windowItems(init.load);
    this.#turnItems = Math.max(1, Math.floor(turnBytes / init.load.itemBytes));
    nats.subscribe(takenSubject, {
      callback: (_error, message) => {
        const { id, taken } = message.json<{ id: string; taken: number }>();
        this.#taken.set(id, taken);
        this.#leastTaken = Math.min(...this.#taken.values());
        this.#wake?.();
      },
    });
  }

  async ready(): Promise<void> {
    while (this.#taken.size < this.#consumers) await this.#woken();
  }

  offer(number: number, mark: number): boolean {
    if (this.#sent - this.#leastTaken >= this.#windowItems) return false;
    if (this.#inTurn >= this.#turnItems) return false;
    this.#publish(number, mark);
    return true;
  }

  async send(number: number, mark: number): Promise<void> {
    await nextTurn();
    this.#inTurn = 0;
    while (this.#sent - this.#leastTaken >= this.#windowItems) await this.#woken();
    this.#publish(number, mark);
  }

  flush(): void {
    this.#inTurn = 0; // its client sends at the end of the turn by itself
  }

  close(): Promise<void> {
    return this.#nats.close();
  }

  #publish(number: number, mark: number): void {
    this.#nats.publish(itemsSubject, this.#load.codec.encode(this.#load.item(number, mark)));
    this.#sent++;
    this.#inTurn++;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
