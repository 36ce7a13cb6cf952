import { concatBytes, equalBytes } from "@mosaik/primitives";
import type { Hash } from "./record.ts";

/**
 * The last record that was acknowledged, kept apart from the records: the end of a journal cannot
 * go, or change, without notice. May be behind, never ahead.
 */
export interface Mark {
  readonly sequence: number;
  readonly chain: Uint8Array;
}

/** How many bytes a mark has. */
export const markBytes = 72;

/** The bytes of a mark. */
export function sealMark(mark: Mark, hash: Hash): Uint8Array {
  const sequence = new Uint8Array(8);
  new DataView(sequence.buffer).setFloat64(0, mark.sequence);
  const body = concatBytes(sequence, mark.chain);
  return concatBytes(body, hash(body));
}

/** The latest of the marks whose bytes are as they were sealed. Total. */
export function latestMark(sealed: readonly Uint8Array[], hash: Hash): Mark | undefined {
  let latest: Mark | undefined;
  for (const bytes of sealed) {
    const body = bytes.slice(0, 40);
    if (bytes.byteLength !== markBytes || !equalBytes(hash(body), bytes.subarray(40))) continue;
    const sequence = new DataView(body.buffer).getFloat64(0);
    if (sequence >= (latest?.sequence ?? 0)) latest = { sequence, chain: body.slice(8) };
  }
  return latest;
}
