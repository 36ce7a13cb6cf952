import { concatBytes, decodeUtf8, encodeUtf8, equalBytes } from "@mosaik/primitives";
import type { Entry, HardState, SnapshotMeta } from "../../raft/entry.ts";
import { decodeEntries, encodeEntries } from "./entry-bytes.ts";

/*
 * One record of the journal: a batch as bytes, bound to all that came before it.
 *
 *     previous 32 | sequence 8 | head length 4 | head (JSON) | entries | chain 32
 *
 * 1. `chain` is the hash of all bytes before it, and `previous` is the chain of the record before:
 *    no byte of a record can change, and no record can go, move or be replaced, without notice.
 * 2. `previous` stands in the record, so that a run of records can be checked from any of them on.
 */

/** Hashes bytes to 32: SHA-256, from wherever it is at hand. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

/** A snapshot as a record refers to it: which one, and of what size it must be. */
export interface SnapshotRecord {
  readonly meta: SnapshotMeta;
  /** Names its chunks in the medium. */
  readonly id: number;
  readonly chunks: number;
  readonly bytes: number;
}

/** All that must be known where the records before are gone, but for entries. */
export interface Checkpoint {
  readonly group: string;
  readonly incarnation: string;
  /** The end of the log before this record. */
  readonly lastIndex: number;
  readonly lastTerm: number;
  /** In force before this record. */
  readonly snapshot?: SnapshotRecord | undefined;
  readonly hard?: HardState | undefined;
}

/** What a record says happens, in the order of the fields. */
export interface Change {
  readonly checkpoint?: Checkpoint | undefined;
  readonly hard?: HardState | undefined;
  /** Comes in force. */
  readonly snapshot?: SnapshotRecord | undefined;
  /** The log is dropped and begins anew after the snapshot in force. */
  readonly resets?: boolean | undefined;
  readonly truncateFrom?: number | undefined;
  readonly entries: readonly Entry[];
}

/** A record that was checked by itself: whole, and as it was written. */
export interface OpenedRecord {
  readonly sequence: number;
  readonly previous: Uint8Array;
  readonly chain: Uint8Array;
  readonly change: Change;
}

const chainBytes = 32;
const headAt = chainBytes + 12;

/** The chain before the first record of a group's room. */
export function firstChain(group: string, hash: Hash): Uint8Array {
  return hash(encodeUtf8(`mosaik/group-log/1/${group}`));
}

/** The bytes of a record. Its chain is the last 32 of them. */
export function sealRecord(
  change: Change,
  sequence: number,
  previous: Uint8Array,
  hash: Hash,
): Uint8Array {
  const { entries, ...rest } = change;
  const head = encodeUtf8(JSON.stringify(rest));
  const front = new Uint8Array(headAt);
  front.set(previous);
  const view = new DataView(front.buffer);
  view.setFloat64(chainBytes, sequence);
  view.setUint32(chainBytes + 8, head.byteLength);
  const room = new Uint8Array(chainBytes);
  const record = concatBytes(front, head, encodeEntries(entries), room);
  const body = record.subarray(0, -chainBytes);
  record.set(hash(body), body.byteLength);
  return record;
}

/** The chain that a sealed record ends with. */
export function chainOf(record: Uint8Array): Uint8Array {
  return record.slice(-chainBytes);
}

/** Reads a record; nothing where its bytes are not the ones that were sealed. Total. */
export function openRecord(record: Uint8Array, hash: Hash): OpenedRecord | undefined {
  if (record.byteLength < headAt + chainBytes) return undefined;
  const body = record.subarray(0, -chainBytes);
  const chain = chainOf(record);
  if (!equalBytes(hash(body), chain)) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const headEnd = headAt + view.getUint32(chainBytes + 8);
  const head = JSON.parse(decodeUtf8(body.subarray(headAt, headEnd)));
  const rest = head as Omit<Change, "entries">; // its hash says that `sealRecord` wrote it
  return {
    sequence: view.getFloat64(chainBytes),
    previous: record.slice(0, chainBytes),
    chain,
    change: { ...rest, entries: decodeEntries(body.subarray(headEnd)) },
  };
}
