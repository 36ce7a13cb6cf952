import { concatBytes, decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { stateChunkBytesMax } from "../config.ts";
import type { Hash } from "../storage/core/record.ts";

/*
 * The state of a group as a file: frames, each after its length in 4 bytes. The first is a head in
 * JSON, the last the chain of all pieces between them: none of them can change, go or move unnoticed.
 */

const format = "mosaik/snapshot/1";

/** What a file says of the state that is in it. */
export interface SnapshotHead {
  readonly group: string;
  /** The machine's name and signature. */
  readonly machine: string;
  readonly signature: string;
  /** The position in the log that it shows. */
  readonly position: number;
}

/** The chain of no pieces. */
export const emptyChain: Uint8Array = new Uint8Array(32);

/** The chain with one piece more. */
export function chained(hash: Hash, chain: Uint8Array, piece: Uint8Array): Uint8Array {
  return hash(concatBytes(chain, piece));
}

/** A head as the bytes of its frame. */
export function encodeHead(head: SnapshotHead): Uint8Array {
  return encodeUtf8(`${JSON.stringify({ format, ...head })}\n`);
}

/** The head that a first frame holds, if it is one. Total. */
export function decodeHead(frame: Uint8Array): SnapshotHead | undefined {
  try {
    const head: Readonly<Record<string, unknown>> = JSON.parse(decodeUtf8(frame));
    const { group, machine, signature, position } = head;
    if (head["format"] !== format || !Number.isSafeInteger(position)) return undefined;
    return {
      group: String(group),
      machine: String(machine),
      signature: String(signature),
      position: Number(position),
    };
  } catch {
    return undefined; // neither text nor JSON
  }
}

/** Bytes as a frame. */
export function framed(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.byteLength);
  return concatBytes(length, bytes);
}

/** Cuts bytes that come in parts of any size into their frames; holds one unfinished frame at most. */
export class FrameCutter {
  #rest: Uint8Array = new Uint8Array();

  /** Whether the bytes so far end where a frame does. */
  get isEven(): boolean {
    return this.#rest.byteLength === 0;
  }

  /** The frames that end in the next part; `undefined` where it is none of such a file. */
  take(part: Uint8Array): Uint8Array[] | undefined {
    this.#rest = concatBytes(this.#rest, part);
    const frames: Uint8Array[] = [];
    for (;;) {
      const { byteLength, byteOffset, buffer } = this.#rest;
      if (byteLength < 4) return frames;
      const end = 4 + new DataView(buffer, byteOffset).getUint32(0);
      if (end > 4 + stateChunkBytesMax) return undefined;
      if (byteLength < end) return frames;
      frames.push(this.#rest.subarray(4, end));
      this.#rest = this.#rest.subarray(end);
    }
  }
}
