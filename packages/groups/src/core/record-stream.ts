import { stateChunkBytesMax } from "../config.ts";

/**
 * Cuts records into pieces of `pieceBytes`, the last one perhaps shorter: each record after its
 * length. After each record comes `undefined`: whoever reads may do something else first. Reads a record only when the pieces before it are taken. Records may be reused by whoever
 * gives them as soon as the next one is asked for.
 *
 * @throws RangeError at a record of more than {@link stateChunkBytesMax}.
 */
export function* cutRecords(
  records: Iterable<Uint8Array>,
  pieceBytes: number,
): Generator<Uint8Array | undefined> {
  let piece = new Uint8Array(pieceBytes);
  let at = 0;
  for (const record of records) {
    if (record.byteLength > stateChunkBytesMax) {
      throw new RangeError(`a chunk of a snapshot has at most ${stateChunkBytesMax} bytes`);
    }
    for (const part of [lengthOf(record), record]) {
      for (let from = 0; from < part.byteLength; ) {
        const taken = Math.min(pieceBytes - at, part.byteLength - from);
        piece.set(part.subarray(from, from + taken), at);
        from += taken;
        at += taken;
        if (at < pieceBytes) continue;
        yield piece;
        piece = new Uint8Array(pieceBytes);
        at = 0;
      }
    }
    yield undefined;
  }
  if (at > 0) yield piece.subarray(0, at);
}

function lengthOf(record: Uint8Array): Uint8Array {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, record.byteLength);
  return head;
}

/** Joins pieces to the records they were cut from; holds one unfinished record at most. Total. */
export class RecordJoiner {
  readonly #head = new Uint8Array(4);
  #headBytes = 0;
  /** The record that is being filled, from its length on. */
  #record: Uint8Array | undefined;
  #filled = 0;

  /** Whether the pieces so far end where a record does. */
  get isEven(): boolean {
    return this.#headBytes === 0;
  }

  /** The records that end in the next piece, copied; nothing where it is no piece of records. */
  take(piece: Uint8Array): Uint8Array[] | undefined {
    const records: Uint8Array[] = [];
    let at = 0;
    while (at < piece.byteLength) {
      at += this.#record === undefined ? this.#fillHead(piece, at) : this.#fill(piece, at);
      if (this.#headBytes < 4) continue;
      const record = this.#begun();
      if (record === undefined) return undefined;
      if (this.#filled < record.byteLength) continue;
      records.push(record);
      this.#record = undefined;
      this.#headBytes = 0;
    }
    return records;
  }

  #fillHead(piece: Uint8Array, at: number): number {
    const part = piece.subarray(at, at + 4 - this.#headBytes);
    this.#head.set(part, this.#headBytes);
    this.#headBytes += part.byteLength;
    return part.byteLength;
  }

  #fill(piece: Uint8Array, at: number): number {
    const record = this.#record ?? this.#head;
    const part = piece.subarray(at, at + record.byteLength - this.#filled);
    record.set(part, this.#filled);
    this.#filled += part.byteLength;
    return part.byteLength;
  }

  /** The record whose length is known; nothing where it is longer than any. */
  #begun(): Uint8Array | undefined {
    if (this.#record !== undefined) return this.#record;
    const length = new DataView(this.#head.buffer).getUint32(0);
    if (length > stateChunkBytesMax) return undefined;
    this.#record = new Uint8Array(length);
    this.#filled = 0;
    return this.#record;
  }
}
