import { type Codec, rawCodec, superjsonCodec } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { type Arrivals, firstNumber } from "./arrivals.ts";
import type { BenchCase } from "./cases.ts";

/** The items of a case: how they are made, and how they are read again. */
export interface Load {
  readonly codec: Codec;
  /** How many bytes an item has, encoded. */
  readonly itemBytes: number;
  /** An item with a number and marks. The bytes of a raw one are used again, later. */
  item(number: number, mark: number): unknown;
  /** An item as it came out of the codec has arrived. */
  received(item: unknown, arrivals: Arrivals): void;
  /** An encoded item has arrived, somewhere in a buffer. */
  receivedBytes(buffer: Uint8Array, start: number, end: number, arrivals: Arrivals): void;
}

/** The items of a case. */
export function loadOf(bench: BenchCase): Load {
  if (bench.codec === "raw") return new RawLoad(bench.bytes);
  return new ValueLoad(bench.codec === "msgpack" ? msgpackCodec : superjsonCodec, bench.bytes);
}

/** Raw items are made in turn in buffers of so many bytes: senders may copy at the end of a turn. */
const ringBytes = 256 * 1024;

/** Bytes: the number in the first four, the marks in the fifth, the number's low byte in the last. */
class RawLoad implements Load {
  readonly codec = rawCodec as Codec; // is given nothing but bytes here
  readonly itemBytes: number;
  readonly #ring: readonly Uint8Array[];
  #next = 0;

  constructor(bytes: number) {
    this.itemBytes = bytes;
    this.#ring = Array.from({ length: 4 + Math.floor(ringBytes / bytes) }, () =>
      new Uint8Array(bytes).map((_, index) => index),
    );
  }

  item(number: number, mark: number): Uint8Array {
    const bytes = this.#ring[this.#next] ?? new Uint8Array(this.itemBytes);
    this.#next = (this.#next + 1) % this.#ring.length;
    bytes[0] = number;
    bytes[1] = number >>> 8;
    bytes[2] = number >>> 16;
    bytes[3] = number >>> 24;
    bytes[4] = mark;
    bytes[bytes.length - 1] = number;
    return bytes;
  }

  received(item: unknown, arrivals: Arrivals): void {
    if (item instanceof Uint8Array) this.receivedBytes(item, 0, item.byteLength, arrivals);
    else arrivals.fail("an item is no bytes");
  }

  receivedBytes(buffer: Uint8Array, start: number, end: number, arrivals: Arrivals): void {
    if (end - start !== this.itemBytes) return arrivals.fail(`an item has ${end - start} bytes`);
    const low = buffer[start] ?? 0;
    const number =
      low |
      ((buffer[start + 1] ?? 0) << 8) |
      ((buffer[start + 2] ?? 0) << 16) |
      ((buffer[start + 3] ?? 0) << 24);
    if (buffer[end - 1] !== low) return arrivals.fail(`the end of item ${number} is wrong`);
    arrivals.take(number, buffer[start + 4] ?? 0);
  }
}

/** A trade, as an order book would stream it. */
interface Trade {
  readonly n: number;
  readonly mark: number;
  readonly price: number;
  readonly note: string;
  readonly at?: Date;
  readonly rows?: readonly Row[];
}

interface Row {
  readonly id: string;
  readonly side: "buy" | "sell";
  readonly price: number;
  readonly quantity: number;
}

/** What the length of a note may take. */
const noteHeadBytes = 4;

/** Objects whose encoded form has the size asked for: number, rows, a date, and a note that fills up. */
class ValueLoad implements Load {
  readonly codec: Codec;
  readonly itemBytes: number;
  readonly #note: string;
  readonly #rows: readonly Row[] | undefined;
  readonly #at = new Date(1_700_000_000_000);

  constructor(codec: Codec, bytes: number) {
    this.codec = codec;
    const sizeOf = (rows: readonly Row[] | undefined, note: string): number =>
      codec.encode(this.#trade(firstNumber, 0, rows, note)).byteLength;
    this.#rows = bytes < 256 ? undefined : rowsFor(bytes, (rows) => sizeOf(rows, ""));
    const missing = Math.max(0, bytes - sizeOf(this.#rows, ""));
    let note = "x".repeat(Math.max(0, missing - noteHeadBytes));
    while (sizeOf(this.#rows, note) < bytes) note += "x";
    this.#note = note;
    this.itemBytes = sizeOf(this.#rows, note);
  }

  item(number: number, mark: number): Trade {
    return this.#trade(number, mark, this.#rows, this.#note);
  }

  received(item: unknown, arrivals: Arrivals): void {
    if (!isTrade(item)) return arrivals.fail("an item is no trade");
    if (item.note !== this.#note || item.rows?.length !== this.#rows?.length) {
      return arrivals.fail(`item ${item.n} is not as it was sent`);
    }
    arrivals.take(item.n, item.mark);
  }

  receivedBytes(buffer: Uint8Array, start: number, end: number, arrivals: Arrivals): void {
    const decoded = this.codec.decode(buffer.subarray(start, end));
    if (decoded.ok) this.received(decoded.value, arrivals);
    else arrivals.fail(decoded.error.message);
  }

  #trade(n: number, mark: number, rows: readonly Row[] | undefined, note: string): Trade {
    if (rows === undefined) return { n, mark, price: 101.25, note };
    return { n, mark, price: 101.25, note, at: this.#at, rows };
  }
}

/** As many rows as fit into `bytes`. */
function rowsFor(bytes: number, sizeOf: (rows: readonly Row[]) => number): readonly Row[] {
  const rowAt = (index: number): Row => ({
    id: `order-${1_000 + index}`,
    side: index % 2 === 0 ? "buy" : "sell",
    price: 100 + (index % 64) / 4,
    quantity: 10 + index,
  });
  const make = (length: number): Row[] => Array.from({ length }, (_, index) => rowAt(index));
  let [fits, tooMany] = [0, 1];
  while (sizeOf(make(tooMany)) <= bytes) [fits, tooMany] = [tooMany, 2 * tooMany];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >>> 1;
    if (sizeOf(make(middle)) <= bytes) fits = middle;
    else tooMany = middle;
  }
  return make(fits);
}

function isTrade(value: unknown): value is Trade {
  return typeof value === "object" && value !== null && "n" in value && "mark" in value;
}
