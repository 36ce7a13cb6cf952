/** One thing that happened, for people. */
export interface TraceRecord {
  /** When, in virtual milliseconds. */
  readonly at: number;
  /** What it was: `data`, `open`, `partition`. */
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** How many bytes. */
  readonly bytes: number;
}

/** What a {@link Trace} is made with. */
export interface TraceOptions {
  /** The time now, milliseconds. */
  now(): number;
  /** How many of the last records are kept. Default: 256. */
  readonly keep?: number;
  /** Is told of every record. */
  readonly onRecord?: (record: TraceRecord) => void;
}

/**
 * What happened in a run, as one running hash and the last few records. The same seed gives the same
 * hash; where two runs differ, something in them was not decided by the seed.
 */
export class Trace {
  readonly #options: TraceOptions;
  readonly #keep: number;
  readonly #tail: TraceRecord[] = [];
  readonly #time = new Float64Array(1);
  readonly #timeBytes = new Uint8Array(this.#time.buffer);
  #low = 0xdeadbeef;
  #high = 0x41c6ce57;
  #count = 0;

  constructor(options: TraceOptions) {
    this.#options = options;
    this.#keep = options.keep ?? 256;
  }

  /** How many records there were. */
  get count(): number {
    return this.#count;
  }

  /** The last records, oldest first. */
  get tail(): readonly TraceRecord[] {
    return this.#tail.slice(-this.#keep);
  }

  /** The hash of everything so far (53 bits of cyrb53; not for secrets), 14 hexadecimal digits. */
  get hash(): string {
    const low = mix(this.#low) ^ remix(this.#high);
    const high = mix(this.#high) ^ remix(this.#low);
    return ((high & 0x1fffff) * 2 ** 32 + (low >>> 0)).toString(16).padStart(14, "0");
  }

  /** Adds what happens now. */
  record(kind: string, from = "", to = "", bytes: Uint8Array = nothing): void {
    const at = this.#options.now();
    this.#count++;
    this.#time[0] = at;
    this.#addBytes(this.#timeBytes);
    for (const text of [kind, from, to]) this.#addText(text);
    this.#add(bytes.byteLength);
    this.#addBytes(bytes);
    this.#remember({ at, kind, from, to, bytes: bytes.byteLength });
  }

  /** The last records, a line each. */
  toString(): string {
    return this.tail.map(formatRecord).join("\n");
  }

  #remember(record: TraceRecord): void {
    this.#options.onRecord?.(record);
    this.#tail.push(record);
    if (this.#tail.length >= 2 * this.#keep) this.#tail.splice(0, this.#tail.length - this.#keep);
  }

  #addText(text: string): void {
    this.#add(text.length);
    for (let index = 0; index < text.length; index++) this.#add(text.charCodeAt(index));
  }

  #addBytes(bytes: Uint8Array): void {
    let [low, high] = [this.#low, this.#high];
    for (let index = 0; index < bytes.byteLength; index++) {
      const byte = bytes[index] ?? 0;
      low = Math.imul(low ^ byte, 0x9e3779b1);
      high = Math.imul(high ^ byte, 0x5f356495);
    }
    this.#low = low;
    this.#high = high;
  }

  #add(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x9e3779b1);
    this.#high = Math.imul(this.#high ^ value, 0x5f356495);
  }
}

const nothing = new Uint8Array(0);

function formatRecord({ at, kind, from, to, bytes }: TraceRecord): string {
  return `${at.toFixed(3)} ms  ${kind}  ${from.slice(0, 8)} -> ${to.slice(0, 8)}  ${bytes} bytes`;
}

function mix(lane: number): number {
  return Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
}

function remix(lane: number): number {
  return Math.imul(lane ^ (lane >>> 13), 0xc2b2ae35);
}
