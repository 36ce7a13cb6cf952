import { type PeerId, rawCodec } from "@mosaik/primitives";
import { defineStream } from "@mosaik/streams";
import type { Replay, ReplayDelivery } from "../../src/index.ts";

/** The stream of these tests: items that hold their numbers. */
export const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });

/** An item that holds its number. */
export function numbered(number: number, bytes = 100): Uint8Array {
  const item = new Uint8Array(bytes);
  new DataView(item.buffer).setUint32(0, number);
  return item;
}

/** The number in an item. */
export function numberOf(item: Uint8Array): number {
  return new DataView(item.buffer, item.byteOffset).getUint32(0);
}

/**
 * Reads all deliveries and holds them against the rule: of each run of a producer, every item has
 * the number that the items and gaps before it make it have, and holds that number; runs come in
 * their order.
 */
export class Account {
  /** What did not add up. */
  readonly faults: string[] = [];
  /** In words, runs of items as one. */
  readonly events: string[] = [];
  readonly #places = new Map<PeerId, { incarnation: string; next: number | undefined }>();
  readonly #seen = new Set<string>();
  items = 0;
  missed = 0;
  #run: { producer: PeerId; from: number; to: number } | undefined;
  #isPaused = false;
  #resume: (() => void) | undefined;

  constructor(replay: Replay<Uint8Array>) {
    void this.#read(replay.deliveries());
  }

  /** Where it is in a producer's items. */
  next(producer: PeerId): number | undefined {
    return this.#places.get(producer)?.next;
  }

  incarnation(producer: PeerId): string | undefined {
    return this.#places.get(producer)?.incarnation;
  }

  /** Everything in words. */
  get story(): string[] {
    return this.#run === undefined ? this.events : [...this.events, this.#words()];
  }

  /** Stops reading until it is resumed. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resume?.();
  }

  async #read(deliveries: AsyncIterable<ReplayDelivery<Uint8Array>>): Promise<void> {
    for await (const delivery of deliveries) {
      this.#note(delivery);
      if (!this.#isPaused) continue;
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
  }

  #note(delivery: ReplayDelivery<Uint8Array>): void {
    if (delivery.kind === "greeting") {
      this.#say(`greeting ${numberOf(delivery.item)}${delivery.isFirst ? " first" : ""}`);
      return;
    }
    const { producer, incarnation } = delivery;
    const place = this.#place(producer, incarnation);
    if (delivery.kind === "gap") {
      const { from, to, reason } = delivery;
      if (place.next !== undefined && from !== place.next) {
        this.faults.push(`a gap from ${from} where ${place.next} was due`);
      }
      if (to !== undefined && to <= from) this.faults.push(`a gap from ${from} to ${to}`);
      place.next = to;
      this.missed += (to ?? from) - from;
      this.#say(`gap ${from} to ${to ?? "?"} (${reason})`);
      return;
    }
    const { sequence, item } = delivery;
    this.items++;
    if (numberOf(item) !== sequence) this.faults.push(`${numberOf(item)} came as ${sequence}`);
    if (place.next !== undefined && sequence !== place.next) {
      this.faults.push(`${sequence} came where ${place.next} was due`);
    }
    place.next = sequence + 1;
    if (this.#run?.producer === producer && this.#run.to === sequence) this.#run.to++;
    else {
      this.#finish();
      this.#run = { producer, from: sequence, to: sequence + 1 };
    }
  }

  #place(producer: PeerId, incarnation: string): { next: number | undefined } {
    const place = this.#places.get(producer);
    if (place?.incarnation === incarnation) return place;
    const key = `${producer}/${incarnation}`;
    if (this.#seen.has(key)) this.faults.push("a run of a producer came twice");
    this.#seen.add(key);
    this.#finish();
    const begun = { incarnation, next: place === undefined ? undefined : 0 };
    this.#places.set(producer, begun);
    return begun;
  }

  #say(event: string): void {
    this.#finish();
    this.events.push(event);
  }

  #finish(): void {
    if (this.#run !== undefined) this.events.push(this.#words());
    this.#run = undefined;
  }

  #words(): string {
    return `items ${this.#run?.from} to ${(this.#run?.to ?? 0) - 1}`;
  }
}
