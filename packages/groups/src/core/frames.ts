import { frameHeaderBytes, frameKinds, writeFrameHeader } from "@mosaik/transport";
import { snapshotPiecesMax } from "../config.ts";
import type { Refusal } from "../raft/effects.ts";
import type { MemberId } from "../raft/member.ts";
import type { InstallSnapshot, Message } from "../raft/messages.ts";
import { type ByteReader, decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  memberBytesMax,
  messageKindsMax,
  messageNumber,
  messageSize,
  readMessage,
  snapshotNumber,
  writeMessage,
} from "./raft-codec.ts";

/** By what a snapshot is known. */
export interface SnapshotName {
  readonly index: number;
  readonly term: number;
}

/** What bonded members send each other beside what makes the bond. */
export type Frame =
  | { readonly kind: "raft"; readonly message: Message }
  /** Entries to propose, in this order, for the leader. Answered by `submitted`. */
  | { readonly kind: "submit"; readonly id: number; readonly entries: readonly Uint8Array[] }
  /** Where the first of them stands in the leader's log; or why they were not taken. */
  | {
      readonly kind: "submitted";
      readonly id: number;
      readonly index: number;
      readonly refusal: Refusal | undefined;
    }
  /** Asks the leader from which position on a state may answer strong queries. */
  | { readonly kind: "read"; readonly id: number }
  | {
      readonly kind: "read-answer";
      readonly id: number;
      readonly index: number;
      readonly ok: boolean;
    }
  /** The sender's state at a position, in short. */
  | { readonly kind: "checkpoint"; readonly position: number; readonly hash: string }
  /**
   * The leader offers the snapshot that the message puts in force, once the receiver has all of it.
   * `hashes`: the SHA-256 of each piece, one after the other.
   */
  | {
      readonly kind: "snapshot-offer";
      readonly message: InstallSnapshot;
      readonly hashes: Uint8Array;
    }
  /** Asks for a piece of the snapshot of a position and term, whoever has it. */
  | ({ readonly kind: "snapshot-fetch"; readonly piece: number } & SnapshotName)
  | ({
      readonly kind: "snapshot-piece";
      readonly piece: number;
      readonly bytes: Uint8Array;
    } & SnapshotName)
  /** The sender does not have that snapshot. */
  | ({ readonly kind: "snapshot-gone" } & SnapshotName)
  /** More of it has arrived; not `ok`: nobody has it any more. For the leader. */
  | ({ readonly kind: "snapshot-progress"; readonly ok: boolean } & SnapshotName)
  /** The sender wants to be taken out of the group. */
  | { readonly kind: "leave" }
  /** Asks the leader to hand over. */
  | { readonly kind: "transfer"; readonly to: MemberId };

/** Kinds by their number, from {@link messageKindsMax} on: only ever appended to. */
const kinds = [
  "submit",
  "submitted",
  "read",
  "read-answer",
  "checkpoint",
  "snapshot-offer",
  "snapshot-fetch",
  "snapshot-piece",
  "snapshot-gone",
  "snapshot-progress",
  "leave",
  "transfer",
] as const satisfies readonly Frame["kind"][];
const refusals = [
  "not-leader",
  "transferring",
  "overloaded",
  "too-large",
  "halted",
] as const satisfies readonly Refusal[];

const submitEntriesMax = 16_384;
const hashBytesMax = 32;
const hashBytes = 32;

/** A frame as a data frame, header included. */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new ByteWriter(frameHeaderBytes + 1 + sizeOf(frame));
  writer.u32(0);
  if (frame.kind === "raft") {
    writer.u8(messageNumber(frame.message));
    writeMessage(writer, frame.message);
  } else {
    writer.u8(messageKindsMax + kinds.indexOf(frame.kind));
    writeBody(writer, frame);
  }
  const bytes = writer.finish();
  writeFrameHeader(bytes, 0, frameKinds.data, bytes.byteLength - frameHeaderBytes);
  return bytes;
}

/** The frame of a data frame's payload, nothing where it is none. Total. Shares the bytes. */
export function decodeFrame(payload: Uint8Array): Frame | undefined {
  return decodeTotal(payload, (reader) => {
    const number = reader.u8();
    if (number >= messageKindsMax) return readBody(reader, number - messageKindsMax);
    const message = readMessage(reader, number);
    if (message === undefined || message.kind === "snapshot") return undefined; // comes as an offer
    return { kind: "raft", message };
  });
}

function sizeOf(frame: Frame): number {
  if (frame.kind === "raft") return messageSize(frame.message);
  if (frame.kind === "snapshot-piece") return 24 + frame.bytes.byteLength;
  if (frame.kind === "snapshot-offer") return 512 + frame.hashes.byteLength;
  if (frame.kind !== "submit") return 64;
  let size = 16;
  for (const entry of frame.entries) size += 4 + entry.byteLength;
  return size;
}

function writeBody(writer: ByteWriter, frame: Exclude<Frame, { kind: "raft" }>): void {
  switch (frame.kind) {
    case "submit":
      writer.position(frame.id).u16(frame.entries.length);
      for (const entry of frame.entries) writer.bytes(entry);
      return;
    case "submitted": {
      const { id, index, refusal } = frame;
      writer.position(id).position(index);
      writer.u8(refusal === undefined ? 0 : 1 + refusals.indexOf(refusal));
      return;
    }
    case "read":
      writer.position(frame.id);
      return;
    case "read-answer":
      writer
        .position(frame.id)
        .position(frame.index)
        .u8(frame.ok ? 1 : 0);
      return;
    case "checkpoint":
      writer.position(frame.position).text(frame.hash);
      return;
    case "snapshot-offer":
      writer.bytes(frame.hashes);
      return writeMessage(writer, frame.message);
    case "snapshot-fetch":
      writeName(writer, frame).u32(frame.piece);
      return;
    case "snapshot-piece":
      writeName(writer, frame).u32(frame.piece).bytes(frame.bytes);
      return;
    case "snapshot-gone":
      writeName(writer, frame);
      return;
    case "snapshot-progress":
      writeName(writer, frame).u8(frame.ok ? 1 : 0);
      return;
    case "transfer":
      writer.text(frame.to);
      return;
    case "leave":
      return;
    default:
      frame satisfies never;
  }
}

function readBody(reader: ByteReader, number: number): Frame | undefined {
  const kind = kinds[number];
  switch (kind) {
    case "submit": {
      const id = reader.position();
      const count = reader.count(reader.u16(), submitEntriesMax, 4);
      const entries: Uint8Array[] = [];
      for (let at = 0; at < count; at++) entries.push(reader.bytes());
      return { kind, id, entries };
    }
    case "submitted": {
      const [id, index, code] = [reader.position(), reader.position(), reader.u8()];
      if (code > refusals.length) return undefined;
      return { kind, id, index, refusal: refusals[code - 1] };
    }
    case "read":
      return { kind, id: reader.position() };
    case "read-answer":
      return { kind, id: reader.position(), index: reader.position(), ok: reader.flag() };
    case "checkpoint":
      return { kind, position: reader.position(), hash: reader.text(hashBytesMax) };
    case "snapshot-offer":
      return readOffer(reader);
    case "snapshot-fetch":
      return { kind, ...readName(reader), piece: reader.u32() };
    case "snapshot-piece":
      return { kind, ...readName(reader), piece: reader.u32(), bytes: reader.bytes() };
    case "snapshot-gone":
      return { kind, ...readName(reader) };
    case "snapshot-progress":
      return { kind, ...readName(reader), ok: reader.flag() };
    case "leave":
      return { kind };
    case "transfer":
      return { kind, to: reader.text(memberBytesMax) as MemberId }; // what the protocol says stands here
    default:
      return undefined;
  }
}

function writeName(writer: ByteWriter, { index, term }: SnapshotName): ByteWriter {
  return writer.position(index).position(term);
}

function readName(reader: ByteReader): SnapshotName {
  return { index: reader.position(), term: reader.position() };
}

function readOffer(reader: ByteReader): Frame | undefined {
  const hashes = reader.bytes();
  const { byteLength } = hashes;
  if (byteLength % hashBytes > 0 || byteLength > snapshotPiecesMax * hashBytes) return undefined;
  const message = readMessage(reader, snapshotNumber);
  return message?.kind === "snapshot" ? { kind: "snapshot-offer", message, hashes } : undefined;
}
