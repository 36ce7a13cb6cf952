import type { PeerId } from "@mosaik/primitives";
import type { Consumer, Delivery } from "../src/index.ts";

/** How large the items of these tests are. */
export const itemBytes = 100;

/** An item that holds its number. */
export function numbered(number: number, bytes = itemBytes): Uint8Array {
  const item = new Uint8Array(bytes);
  new DataView(item.buffer).setUint32(0, number);
  return item;
}

/** The number in an item. */
export function numberOf(item: Uint8Array): number {
  return new DataView(item.buffer, item.byteOffset).getUint32(0);
}

/** What a consumer got of one producer, and what it was told that it did not get. */
export interface Book {
  next: number;
  items: number;
  missed: number;
  /** Runs of items, and gaps, in order. */
  readonly events: string[];
}

/**
 * Reads all deliveries of a consumer and keeps books: each item must have the sequence that the items
 * and gaps before it make it have, and hold that number.
 */
export class Account {
  readonly books = new Map<PeerId, Book>();
  /** What did not add up. */
  readonly faults: string[] = [];

  constructor(consumer: Consumer<Uint8Array>) {
    void this.#read(consumer.deliveries());
  }

  /** The book of the only producer. */
  get book(): Book {
    const [book] = this.books.values();
    return book ?? { next: 0, items: 0, missed: 0, events: [] };
  }

  async #read(deliveries: AsyncIterable<Delivery<Uint8Array>>): Promise<void> {
    for await (const delivery of deliveries) this.#note(delivery);
  }

  #note(delivery: Delivery<Uint8Array>): void {
    const book = this.books.get(delivery.producer);
    if (delivery.kind === "gap") {
      if (book === undefined) this.faults.push("a gap before anything else");
      else if (delivery.count === undefined) this.faults.push("a gap of unknown size");
      else {
        book.next += delivery.count;
        book.missed += delivery.count;
        book.events.push(`gap ${delivery.count}`);
      }
      return;
    }
    const { sequence, item } = delivery;
    const number = numberOf(item);
    if (number !== sequence) this.faults.push(`item ${number} came as ${sequence}`);
    const next = book?.next ?? sequence;
    const events = book?.events ?? [];
    if (sequence !== next) this.faults.push(`${sequence} came where ${next} was due`);
    const last = events.at(-1);
    const run = last?.startsWith("items ") ? last.split(" ")[1] : undefined;
    if (run === undefined) events.push(`items ${sequence} to ${sequence}`);
    else events[events.length - 1] = `items ${run} to ${sequence}`;
    if (book === undefined) {
      this.books.set(delivery.producer, { next: next + 1, items: 1, missed: 0, events });
    } else {
      book.next++;
      book.items++;
    }
  }
}
