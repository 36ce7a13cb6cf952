import type { PeerId } from "@mosaik/primitives";
import { encodeHex } from "@mosaik/primitives";
import { frameHeaderBytes, frameKinds, writeFrameHeader } from "@mosaik/transport";
import { blockBytesMax, fetchBytesMax } from "../config.ts";
import { type Frames, firstOf, withoutFirst } from "../core/frames.ts";
import type { ReplayMessage } from "../wire.ts";
import type { Archive } from "./archive.ts";

/** Items that go out next, or how the answer ends. */
export type Portion =
  | { readonly kind: "items"; readonly run: Frames; readonly atMs: number }
  | { readonly kind: "end"; readonly message: ReplayMessage };

/** What answers a request, piece by piece; a promise where the storage must be asked. */
export interface Answer {
  next(): Portion | Promise<Portion>;
}

const fetched: Portion = { kind: "end", message: { kind: "fetched" } };

/** The items of a run of a producer, as far as they are kept. */
export class FetchAnswer implements Answer {
  readonly #archive: Archive;
  readonly #producer: PeerId;
  readonly #incarnation: string;
  readonly #to: number;
  #at: number;
  #bytes = 0;

  constructor(archive: Archive, producer: PeerId, fetch: ReplayMessage & { kind: "fetch" }) {
    this.#archive = archive;
    this.#producer = producer;
    this.#incarnation = encodeHex(fetch.incarnation);
    this.#at = fetch.from;
    this.#to = fetch.to;
  }

  next(): Portion | Promise<Portion> {
    if (this.#at >= this.#to || this.#bytes >= fetchBytesMax) return fetched;
    const place = { incarnation: this.#incarnation, sequence: this.#at };
    const found = this.#archive.find(this.#producer, place);
    if (found.kind === "end") return fetched;
    if (found.kind === "gap") {
      return { kind: "end", message: { kind: "gap", to: Math.min(found.until, this.#to) } };
    }
    const { block } = found;
    const { items, sequence, atMs } = block;
    const frames = this.#archive.read(block);
    if (frames instanceof Uint8Array) return this.#portion({ frames, items }, sequence, atMs);
    return frames.then((read) =>
      read === undefined ? this.next() : this.#portion({ frames: read, items }, sequence, atMs),
    );
  }

  #portion(block: Frames, sequence: number, atMs: number): Portion {
    const rest = withoutFirst(block, this.#at - sequence);
    const run = firstOf(rest, this.#to - this.#at, Number.POSITIVE_INFINITY);
    this.#at += run.items;
    this.#bytes += run.frames.byteLength;
    return { kind: "items", run, atMs };
  }
}

/** What a producer gives a newcomer first. */
export class GreetingAnswer implements Answer {
  readonly #items: Iterator<Uint8Array>;
  readonly #now: () => number;

  /** `items` are encoded as they are asked for. */
  constructor(items: Iterator<Uint8Array>, now: () => number) {
    this.#items = items;
    this.#now = now;
  }

  next(): Portion {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < blockBytesMax) {
      const { done, value } = this.#items.next();
      if (done === true) break;
      parts.push(value);
      bytes += frameHeaderBytes + value.byteLength;
    }
    if (parts.length === 0) return fetched;
    return { kind: "items", run: framed(parts, bytes), atMs: this.#now() };
  }
}

function framed(items: readonly Uint8Array[], bytes: number): Frames {
  const frames = new Uint8Array(bytes);
  let at = 0;
  for (const item of items) {
    writeFrameHeader(frames, at, frameKinds.data, item.byteLength);
    frames.set(item, at + frameHeaderBytes);
    at += frameHeaderBytes + item.byteLength;
  }
  return { frames, items: items.length };
}
